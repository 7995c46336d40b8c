/** Writes a result to stdout, where a pipe or a file gets it. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes to stderr what is only meant for the person at the terminal. */
export function notify(text: string): void {
  process.stderr.write(`${text}\n`);
}
