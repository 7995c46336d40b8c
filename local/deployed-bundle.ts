import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The part of a CloudFormation template that is used here. */
interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** The function as `cdk deploy` would upload it. */
export interface DeployedBundle {
  /** Absolute path of the folder with `index.mjs`. */
  readonly assetDir: string;
  readonly template: Template;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(ROOT, 'node_modules', '.bin');

/**
 * Synthesizes the CDK app and finds the report function's bundle in it.
 *
 * @param outDir folder for the cloud assembly
 * @throws Error if the CLI fails, with its output, or if there is not exactly one such function
 */
export async function synthesize(outDir: string): Promise<DeployedBundle> {
  await runCdk(['synth', '--quiet', '--no-notices', '--output', outDir]);
  const files = (await readdir(outDir)).filter((file) => file.endsWith('.template.json'));
  const templates = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(outDir, file), 'utf8')) as Template),
  );
  const bundles = templates.flatMap((template) =>
    Object.values(template.Resources)
      .filter(
        ({ Type, Properties }) =>
          Type === 'AWS::Lambda::Function' && Properties?.['Handler'] === 'index.handler',
      )
      .map(({ Metadata }) => Metadata?.['aws:asset:path'])
      .filter((path) => typeof path === 'string')
      .map((path) => ({ assetDir: resolve(outDir, path), template }))
      // CDK's own helper functions may have the same handler, but no ES module.
      .filter(({ assetDir }) => existsSync(join(assetDir, 'index.mjs'))),
  );
  const [bundle, ...others] = bundles;
  if (bundle === undefined || others.length > 0) {
    throw new Error(`Expected one function with index.mjs in ${outDir}, found ${bundles.length}`);
  }
  return bundle;
}

async function runCdk(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(BIN, 'cdk'), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      // CDK starts the app by name: it must find the project's own tools and the same Node as here.
      PATH: [BIN, process.env['PATH']].join(delimiter),
      // Synthesis is to work without a network.
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_DISABLE_VERSION_CHECK: 'true',
    },
  });
  const exited = new Promise<number | null>((settle, reject) => {
    child.once('error', reject);
    child.once('close', settle);
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  if (code !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${String(code)}:\n${stderr}${stdout}`);
}
