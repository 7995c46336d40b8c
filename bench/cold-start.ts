import { fileURLToPath } from 'node:url';
import { median } from 'simple-statistics';
import type { Bundles } from './bundles.ts';
import { outputOf } from './client-run.ts';
import { medianRatio, rounded } from './statistics.ts';

/** How long the bundle takes to load in a fresh process, compared with the AWS clients alone. */
export interface ColdStart {
  /** Medians, in milliseconds. */
  readonly deployedMs: number;
  readonly awsClientsMs: number;
  readonly ratio: number;
  readonly deployedBytes: number;
}

const IMPORT = fileURLToPath(new URL('cold-import.mjs', import.meta.url));

/** Loads both bundles in turn, each time in a fresh process. */
export async function measureColdStart(bundles: Bundles, rounds: number): Promise<ColdStart> {
  const deployed: number[] = [];
  const awsClients: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    deployed.push(await importMs(bundles.deployed));
    awsClients.push(await importMs(bundles.awsClients));
  }
  return {
    deployedMs: rounded(median(deployed), 1),
    awsClientsMs: rounded(median(awsClients), 1),
    ratio: rounded(medianRatio(deployed, awsClients), 3),
    deployedBytes: bundles.deployedBytes,
  };
}

async function importMs(file: string): Promise<number> {
  return Number(await outputOf([process.execPath, IMPORT, file], { AWS_REGION: 'eu-central-1' }));
}
