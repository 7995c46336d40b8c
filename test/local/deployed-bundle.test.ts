import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { synthesize } from '../../local/deployed-bundle.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deployed-bundle-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the function’s bundle is found in the CDK’s output', async () => {
  const { assetDir, template } = await synthesize(join(folder, 'cdk.out'));
  expect(assetDir.startsWith(join(folder, 'cdk.out', 'asset.'))).toBe(true);
  const handlers = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties?.['Handler']);
  expect(handlers).toContain('index.handler');
});

test('a failure of the CDK is reported with its own output', async () => {
  await writeFile(join(folder, 'a file'), '');
  await expect(synthesize(join(folder, 'a file', 'cdk.out'))).rejects.toThrow(
    /^cdk synth .* ended with 1:\n.*ENOTDIR/s,
  );
});
