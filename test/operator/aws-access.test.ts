import { expect, test } from '@jest/globals';
import { DAYS, FUNCTION } from './support/deployed.ts';
import { ENGINE } from './support/engine.ts';
import { runTool } from './support/tool.ts';

const [DAY, NEXT_DAY] = DAYS;
const COMMANDS = [
  ['restate', '--day', DAY, '--function', FUNCTION],
  ['backfill', '--from', DAY, '--to', DAY, '--engine', ENGINE],
  ['verify', '--from', DAY, '--to', DAY, '--bucket', 'video-cost-archive'],
  ['preview', '--day', DAY, '--bucket', 'video-cost-archive'],
];
// Neither files nor the metadata of a machine may help out.
const NOTHING = {
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};

test.each(COMMANDS)('%s without a region or without credentials says what to set', async (...command) => {
  expect(await runTool(command, NOTHING)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^InvalidArgumentsError: No AWS region is set\. Set AWS_REGION, or AWS_PROFILE/,
    ),
  });
  expect(await runTool(command, { ...NOTHING, AWS_REGION: 'eu-central-1' })).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^InvalidArgumentsError: No AWS credentials were found \(.+\)\. Set AWS_PROFILE, or/,
    ),
  });
});

test('a backfill without them starts no further day', async () => {
  const command = ['backfill', '--from', DAY, '--to', NEXT_DAY, '--function', FUNCTION, '--concurrency', '1'];
  const { status, stdout } = await runTool(command, NOTHING);
  expect(status).toBe(1);
  expect(stdout).toContain(`  ${DAY}  InvalidArgumentsError: No AWS region is set.`);
  expect(stdout).toContain('1 day not started: the function could not be run.\n');
});
