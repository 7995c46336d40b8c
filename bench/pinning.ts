import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The client has one core for itself, and all servers share the other. */
export type Core = 'client' | 'servers';

/** Whether processes can be held to cores: it takes two of them, and `taskset`. */
export const canPin = availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0;

/** The command that starts another one on its core, or anywhere where that can't be had. */
export function pinned(core: Core, command: readonly string[]): [string, ...string[]] {
  const [program = '', ...rest] = command;
  return canPin ? ['taskset', '-c', core === 'client' ? '0' : '1', program, ...rest] : [program, ...rest];
}
