import { expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { DAYS, deploy } from './support/deployed.ts';
import { runTool } from './support/tool.ts';

const [DAY] = DAYS;

test('an archived day is mailed once more, with the reason, and SignalWire is not asked', async () => {
  const deployed = await deploy();
  const { environment, cloud } = deployed;
  await runTool(['restate', '--day', DAY], environment);
  const asked = cloud.signalWire.requests.length;

  expect(await runTool(['resend', '--day', DAY, '--reason', 'the CFO lost it'], environment)).toEqual({
    status: 0,
    stderr: '',
    stdout: '2026-11-16 was mailed once more: revision 1, 1.35 USD.\n',
  });
  expect(deployed.events().at(-1)).toEqual({ day: DAY, resend: 'the CFO lost it' });
  const [mail, ...others] = await Promise.all(cloud.ses.outbox.map(({ raw }) => PostalMime.parse(raw)));
  expect(others).toEqual([]);
  expect(mail?.text).toContain('the CFO lost it');
  expect(cloud.signalWire.requests).toHaveLength(asked);
});

test('for a day that is not archived, the function says what to do', async () => {
  const { environment } = await deploy();
  const { status, stdout, stderr } = await runTool(['resend', '--day', DAY, '--reason', 'x'], environment);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^ArchiveError: 2026-11-16 is not archived.*\{"day":"2026-11-16"\} first\.\n$/);
});

test('after a lost answer the message says to check the inbox first, as every call sends one more mail', async () => {
  const { environment, lambda } = await deploy();
  lambda.intercept = (_request, response) => {
    response.destroy();
    return true;
  };
  const { status, stderr } = await runTool(['resend', '--day', DAY, '--reason', 'x'], environment);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^InvocationLostError: .* Check the inbox before you run the same command again/);
  expect(lambda.requests).toHaveLength(1);
});

test.each([
  ['no reason', ['--day', DAY], /--reason/],
  ['an empty reason', ['--day', DAY, '--reason', ' '], /^InvalidEventError: .*resend/],
  ['no day', ['--reason', 'x'], /--day/],
])('with %s, nothing is mailed', async (_what, options, message) => {
  const { environment, cloud } = await deploy();
  const { status, stderr } = await runTool(['resend', ...options], environment);
  expect(status).toBe(1);
  expect(stderr).toMatch(message);
  expect(cloud.ses.requests).toEqual([]);
});
