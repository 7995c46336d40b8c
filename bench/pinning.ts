import { spawnSync } from 'node:child_process';

/** The client has one core for itself, and all servers share the other. */
export type Core = 'client' | 'servers';

/** By number. */
const CORES = { client: '0', servers: '1' } as const;

/** Whether processes can be held to these cores: it takes both of them, and `taskset`. */
export const canPin = Object.values(CORES).every(
  (core) => spawnSync('taskset', ['-c', core, 'true']).status === 0,
);

/** The command that starts another one on its core, or anywhere where that can't be had. */
export function pinned(core: Core, command: readonly string[]): [string, ...string[]] {
  const [program = '', ...rest] = command;
  return canPin ? ['taskset', '-c', CORES[core], program, ...rest] : [program, ...rest];
}
