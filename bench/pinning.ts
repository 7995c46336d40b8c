import { spawnSync } from 'node:child_process';

/** The client has one core to itself; all servers share the other. */
export type Core = 'client' | 'servers';

/** Core numbers. */
const CORES = { client: '0', servers: '1' } as const;

/** Whether processes can be pinned to these cores: both must exist, and `taskset`. */
export const canPin = Object.values(CORES).every(
  (core) => spawnSync('taskset', ['-c', core, 'true']).status === 0,
);

/** The command that starts another command on its core, or on any core if pinning is not possible. */
export function pinned(core: Core, command: readonly string[]): [string, ...string[]] {
  const [program = '', ...rest] = command;
  return canPin ? ['taskset', '-c', CORES[core], program, ...rest] : [program, ...rest];
}
