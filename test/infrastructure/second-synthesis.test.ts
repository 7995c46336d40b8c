import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

test('cdk diff finds nothing after a second synthesis: no hash changes on its own, not even the bundle’s', () => {
  const firstSynthesis = dirname(process.env['BUNDLE_UNDER_TEST'] ?? '');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      'node_modules/.bin/cdk',
      'diff',
      ...['--fail', '--no-notices', '--no-color'],
      ...['--template', join(firstSynthesis, 'SignalWireVideoCostReport.template.json')],
      ...['--output', join(firstSynthesis, '../second-synthesis')],
    ],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `node_modules/.bin:${process.env['PATH'] ?? ''}`,
        NODE_OPTIONS: '',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        CDK_DISABLE_VERSION_CHECK: 'true',
      },
    },
  );
  expect(stdout + stderr).toContain('There were no differences');
  expect(status).toBe(0);
}, 240_000);
