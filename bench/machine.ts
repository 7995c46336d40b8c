import { cpus } from 'node:os';
import { canPin } from './pinning.ts';

/** Where and when something was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  /** Whether the client ran on one core and the servers on another. */
  readonly pinned: boolean;
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string;
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    node: process.versions.node,
    pinned: canPin,
    date: new Date().toISOString().slice(0, 10),
  };
}
