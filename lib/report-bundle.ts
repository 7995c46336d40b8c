import { extname, join } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { type AssetCode, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';

/** Of this repository, or of the published package. */
const ROOT = join(import.meta.dirname, '..');

/**
 * A tenth of the code that the job never loads. The SDK loads it where a configuration file on a person's machine has
 * them sign in or assume another role; a Lambda function has its credentials in the environment. `bowser` tells
 * browsers apart. Where these are installed, as in a checkout, the bundle finds them all the same.
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
  // The names of the files depend on where they are seen from: the same, wherever the app is synthesized.
  absWorkingDir: ROOT,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  // ES modules where a package has them: half the size, as unused parts can be left out.
  mainFields: ['module', 'main'],
  external: LEFT_OUT,
} satisfies BuildOptions;

/**
 * The job as it is deployed: `index.mjs`, and beside it what it loads where there is a need for it. In one file, which is
 * what CDK's own NodejsFunction makes, all of it would be compiled at each cold start, which then takes 1.4 times as long.
 */
export function reportBundle(): AssetCode {
  // Where bundling is skipped, CDK reads all of this folder: the root has node_modules in it.
  return Code.fromAsset(join(ROOT, 'lambda'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never asked for, as the local way always works: esbuild is a dependency of this package.
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
  // TypeScript in this repository, JavaScript in the published package.
  const handler = join(ROOT, `lambda/handler${extname(import.meta.filename)}`);
  buildSync({ ...BUNDLING, entryPoints: { index: handler }, outdir });
}
