import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { leastReport } from './synthesized.ts';

test('a wrong setting stops the synthesis with only its name', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      CDK_CONTEXT_JSON: JSON.stringify({ report: { ...leastReport, timeZone: 'Mars/Olympus' } }),
    },
  });
  expect(stderr).toBe(
    'Wrong settings under context.report in cdk.json:\n' +
      '- timeZone is "Mars/Olympus": it must be an IANA time zone, such as Europe/Berlin\n',
  );
  expect(status).toBe(1);
});
