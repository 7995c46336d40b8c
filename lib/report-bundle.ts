import { extname, join } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { type AssetCode, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';

/** The root folder of this repository, or of the published package. */
const ROOT = join(import.meta.dirname, '..');
/** TypeScript in this repository, JavaScript in the published package. */
const EXTENSION = extname(import.meta.filename);

/**
 * Packages that the job never loads, a tenth of the code. The SDK loads them if the configuration file on a person's
 * machine demands a sign-in or another role; a Lambda function has its credentials in the environment. `bowser`
 * identifies browsers. If these packages are installed, as in a checkout, the bundle still finds them.
 */
const LEFT_OUT = [
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/nested-clients',
  'bowser',
];

/** How the job is bundled. */
export const BUNDLING = {
  outExtension: { '.js': '.mjs' },
  // File names depend on the working directory: fixed, so that they are the same wherever the app is synthesized.
  absWorkingDir: ROOT,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  // Prefer ES modules if a package has them: half the size, since unused parts can be left out.
  mainFields: ['module', 'main'],
  alias: { 'node:http': join(ROOT, `lambda/node-http${EXTENSION}`) },
  external: LEFT_OUT,
} satisfies BuildOptions;

/**
 * The job as it is deployed: `index.mjs`, and beside it the files that it loads only when needed. In a single file, as
 * CDK's own NodejsFunction makes it, all code would be compiled at each cold start, which then takes 1.4 times as long.
 */
export function reportBundle(): AssetCode {
  // If bundling is skipped, CDK reads all of this folder, so it is not the root, which contains node_modules.
  return Code.fromAsset(join(ROOT, 'lambda'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used, since local bundling always works: esbuild is a dependency of this package.
      image: Runtime.NODEJS_24_X.bundlingImage,
      local: {
        tryBundle(outdir) {
          bundle(outdir);
          return true;
        },
      },
    },
  });
}

function bundle(outdir: string): void {
  buildSync({ ...BUNDLING, entryPoints: { index: join(ROOT, `lambda/handler${EXTENSION}`) }, outdir });
}
