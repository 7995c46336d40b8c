import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TSX = join(ROOT, 'node_modules/tsx/dist/cli.mjs');

/** The outcome of a run of the tool. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the tool, which may not have ended yet. */
export interface Run {
  readonly ended: Promise<Outcome>;
  /** Interrupts the run as Ctrl+C does. */
  interrupt(): void;
  /** Waits until stderr contains these words. */
  printed(words: string): Promise<void>;
}

/** Starts `npm run report -- …` as npm does, with this environment and none of this process's variables. */
export function startTool(args: readonly string[], environment: Readonly<Record<string, string>>): Run {
  const child = spawn(process.execPath, [TSX, join(ROOT, 'bin/report.ts'), ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let soFar = '';
  child.stderr.on('data', (chunk: Buffer) => (soFar += chunk.toString()));
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[status], stdout, stderr]) => ({ status: status as number | null, stdout, stderr }),
  );
  return {
    ended,
    interrupt: () => void child.kill('SIGINT'),
    async printed(words) {
      while (!soFar.includes(words)) await once(child.stderr, 'data');
    },
  };
}

/** Runs the tool to its end. */
export function runTool(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  return startTool(args, environment).ended;
}
