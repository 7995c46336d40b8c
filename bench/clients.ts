import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Bundles } from './bundles.ts';

/** The clients by name, in the order in which they are listed. */
export const CLIENTS = [
  { name: 'floor', label: 'floor: node:http and JSON.parse, nothing else' },
  { name: 'sums', label: 'ours: reading, exact sums, room-charges.csv' },
  { name: 'job', label: 'ours: the whole job, line items and mail too' },
  { name: 'naive', label: 'plain TypeScript: fetch, floats, one array' },
  { name: 'duckdb', label: 'DuckDB: pages as files, one query' },
  { name: 'requests', label: 'Python: requests, Decimal' },
  { name: 'urllib', label: 'Python: standard library, Decimal' },
  { name: 'pandas', label: 'Python: requests, pandas' },
] as const;

export type ClientName = (typeof CLIENTS)[number]['name'];

const PEER = fileURLToPath(new URL('clients/peer.py', import.meta.url));

/** The Python modules that a client needs. */
const PYTHON_MODULES: Partial<Record<ClientName, string>> = {
  requests: 'requests',
  urllib: 'urllib.request',
  pandas: 'requests, pandas',
};

/** Whether this machine has what the client needs. */
export function isHere(client: ClientName): boolean {
  const modules = PYTHON_MODULES[client];
  return modules === undefined || spawnSync('python3', ['-c', `import ${modules}`]).status === 0;
}

/** The command that runs a client; its assignment is the first argument. */
export function commandOf(client: ClientName, assignment: string, bundles: Bundles): string[] {
  if (PYTHON_MODULES[client] !== undefined) return ['python3', PEER, assignment, client];
  const command = [process.execPath, bundles.client(client), assignment];
  return client === 'job' ? [...command, bundles.deployed] : command;
}
