import { fileURLToPath } from 'node:url';
import { synthesize } from '../local/deployed-bundle.ts';

/** Makes the bundle that all end-to-end tests run: once, before the first of them. */
export default async function synthesizeOnce(): Promise<void> {
  const outDir = fileURLToPath(new URL('../node_modules/.cache/video-cost-report/cdk.out', import.meta.url));
  const { assetDir } = await synthesize(outDir);
  process.env['BUNDLE_UNDER_TEST'] = assetDir;
}
