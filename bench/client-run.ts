import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { API_TOKEN, PROJECT_ID } from '../local/cloud.ts';
import type { ArchivedRun } from './archived-run.ts';
import type { Bundles } from './bundles.ts';
import type { Measurement } from './clients/measured.ts';
import { commandOf } from './clients.ts';
import type { Entrant } from './contest.ts';
import { DATE } from './day.ts';
import { pinned } from './pinning.ts';
import { startRunCloud } from './servers/server-process.ts';

/** A client's run, and what the job left behind. */
export interface ClientRun {
  readonly measurement: Measurement;
  /** Null for every client but the job. */
  readonly archived: ArchivedRun | null;
}

/**
 * Runs a client once, in a fresh process on its core.
 *
 * @throws Error with what it printed if it fails
 */
export async function runClient(
  { client, logs }: Pick<Entrant, 'client' | 'logs'>,
  spaceUrl: string,
  bundles: Bundles,
): Promise<ClientRun> {
  const assignment = JSON.stringify({ spaceUrl, date: DATE, projectId: PROJECT_ID, apiToken: API_TOKEN });
  const command = commandOf(client, assignment, bundles);
  if (client !== 'job') return { measurement: await measure(command, {}), archived: null };
  const cloud = await startRunCloud(spaceUrl, logs);
  try {
    return { measurement: await measure(command, cloud.environment), archived: await cloud.inspect() };
  } finally {
    await cloud.stop();
  }
}

async function measure(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Measurement> {
  const output = await outputOf(command, environment);
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as Measurement;
}

/**
 * Runs a command on the clients' core and returns what it prints.
 *
 * @throws Error with the output if the command fails
 */
export async function outputOf(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const [program, ...rest] = pinned('client', command);
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
  });
  const exited = once(child, 'close') as Promise<[number | null, string | null]>;
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exited,
  ]);
  if (code !== 0) {
    const printed = `${stderr}${stdout}`.slice(-3000);
    throw new Error(`ended with ${String(code ?? signal)}\n${command.join(' ').slice(0, 300)}\n${printed}`);
  }
  return stdout;
}
