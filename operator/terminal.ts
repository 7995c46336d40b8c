/** Writes a result: what a pipe or a file shall get. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes what is meant for the person at the terminal only. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
