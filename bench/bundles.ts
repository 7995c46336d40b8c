import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { BUNDLING } from '../lib/report-bundle.ts';
import { synthesize } from '../local/deployed-bundle.ts';

const CACHE = fileURLToPath(new URL('../node_modules/.cache/video-cost-report/bench/', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Files to run with plain Node, as absolute paths. */
export interface Bundles {
  /** The bundle that the stack deploys. */
  readonly deployed: string;
  /** Total size of its files. */
  readonly deployedBytes: number;
  /** Only the S3 and SES clients, bundled in the same way. */
  readonly awsClients: string;
  /** The bundle of a client, by the client's name. */
  client(name: string): string;
}

/** Builds all of them afresh, the deployed one by `cdk synth`. */
export async function makeBundles(): Promise<Bundles> {
  const clients = ['floor', 'naive', 'duckdb', 'sums', 'job'];
  const [{ assetDir }] = await Promise.all([
    synthesize(join(CACHE, 'cdk.out')),
    bundle(clients.map((name) => `clients/${name}.ts`).concat('aws-clients.ts')),
  ]);
  const deployed = join(assetDir, 'index.mjs');
  return {
    deployed,
    deployedBytes: await bytesIn(assetDir),
    awsClients: join(CACHE, 'aws-clients.mjs'),
    client: (name) => join(CACHE, 'clients', `${name}.mjs`),
  };
}

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Bundles the clients as the job is bundled, so that none has an advantage. */
async function bundle(entries: readonly string[]): Promise<void> {
  await build({
    ...BUNDLING,
    entryPoints: entries.map((entry) => join(HERE, entry)),
    outbase: HERE,
    outdir: CACHE,
    // It has a native part, which is only found in node_modules.
    external: [...BUNDLING.external, '@duckdb/node-api'],
    logLevel: 'warning',
  });
}
