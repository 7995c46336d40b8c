import { describe, expect, test } from '@jest/globals';
import { BUCKET } from '../../local/cloud.ts';
import { DAYS, deploy, type Deployed, FUNCTION, refuseDay } from './support/deployed.ts';
import { runTool, startTool } from './support/tool.ts';

const [FIRST, SECOND, THIRD, , LAST] = DAYS;
const RANGE = ['backfill', '--from', FIRST, '--to', LAST];

function archivedDays({ cloud }: Deployed): string[] {
  return cloud.s3
    .bucket(BUCKET)
    .keys()
    .flatMap((key) => /^manifests\/day=(.+)\.json$/.exec(key)?.[1] ?? [])
    .sort();
}

describe('a backfill', () => {
  test('archives the days, names the one that failed, and does the rest when run again', async () => {
    const deployed = await deploy();
    refuseDay(deployed, THIRD);

    const first = await runTool(RANGE, deployed.environment);
    expect(first.status).toBe(1);
    const [table, failure] = first.stdout.split('\n\n1 day failed:\n');
    expect(table).toBe(
      [
        '┌──────────┬──────┬──────────┐',
        '│ Status   │ Days │   Charge │',
        '├──────────┼──────┼──────────┤',
        '│ archived │    4 │ 5.40 USD │',
        '├──────────┼──────┼──────────┤',
        '│ failed   │    1 │          │',
        '├──────────┼──────┼──────────┤',
        '│ total    │    5 │ 5.40 USD │',
        '└──────────┴──────┴──────────┘',
      ].join('\n'),
    );
    expect(failure).toMatch(/^ {2}2026-11-18 {2}SignalWireRejectedError: .*403.*Video scope/);
    expect(failure).toContain(
      'To continue (archived days are not read again):\n' +
        `  npm run report -- backfill --from ${THIRD} --to ${LAST} --function ${FUNCTION} --concurrency 2\n`,
    );
    expect(first.stderr).toBe('');
    expect(deployed.events()).toEqual(DAYS.map((day) => ({ day, email: false })));
    expect(archivedDays(deployed)).toEqual(DAYS.filter((day) => day !== THIRD));

    deployed.cloud.signalWire.intercept = null;
    const asked = deployed.cloud.signalWire.requests.length;
    const again = await runTool(RANGE, deployed.environment);
    expect(again).toEqual({
      status: 0,
      stderr: '',
      stdout: [
        '┌──────────┬──────┬──────────┐',
        '│ Status   │ Days │   Charge │',
        '├──────────┼──────┼──────────┤',
        '│ archived │    5 │ 6.75 USD │',
        '├──────────┼──────┼──────────┤',
        '│ total    │    5 │ 6.75 USD │',
        '└──────────┴──────┴──────────┘',
        '',
      ].join('\n'),
    });
    expect(deployed.cloud.signalWire.requests).toHaveLength(asked + 1);
    expect(deployed.cloud.ses.outbox).toEqual([]);
  });

  test('can be stopped by Ctrl+C: it waits for running days and starts no further one', async () => {
    const deployed = await deploy();
    const run = startTool([...RANGE, '--concurrency', '1'], deployed.environment);
    deployed.lambda.intercept = async () => {
      if (deployed.lambda.requests.length === 2) {
        run.interrupt();
        await run.printed('Stopping');
      }
      return false;
    };
    const { status, stdout, stderr } = await run.ended;
    expect(status).toBe(130);
    expect(stderr).toBe(
      '\nStopping: no further day is started; waiting for those that are running. Ctrl+C again quits at once.\n',
    );
    expect(stdout).toContain('│ archived    │    2 │ 2.70 USD │\n');
    expect(stdout).toContain('│ not started │    3 │          │\n');
    expect(stdout).toContain('3 days not started: you stopped it.\n');
    expect(stdout).toContain(`backfill --from ${THIRD} --to ${LAST} `);
    expect(archivedDays(deployed)).toEqual([FIRST, SECOND]);

    const again = await runTool(RANGE, deployed.environment);
    expect(again.status).toBe(0);
    expect(again.stdout).toContain('│ archived │    5 │ 6.75 USD │\n');
  });

  test('mails each day once with --email', async () => {
    const deployed = await deploy();
    const args = ['backfill', '--from', FIRST, '--to', SECOND, '--email', '--concurrency', '1'];
    const first = await runTool(args, deployed.environment);
    expect(first.status).toBe(0);
    expect(first.stdout).toContain('│ delivered │    2 │ 2.70 USD │\n');
    expect(deployed.events()).toEqual([{ day: FIRST }, { day: SECOND }]);
    const again = await runTool(args, deployed.environment);
    expect(again.stdout).toContain('│ already-delivered │    2 │ 2.70 USD │\n');
    expect(deployed.cloud.ses.outbox).toHaveLength(2);
  });

  test('gives up after five failures in a row', async () => {
    const deployed = await deploy();
    refuseDay(deployed, '2026-11-');
    const { status, stdout } = await runTool(
      ['backfill', '--from', '2026-11-01', '--to', LAST, '--concurrency', '1'],
      deployed.environment,
    );
    expect(status).toBe(1);
    expect(deployed.lambda.requests).toHaveLength(5);
    expect(stdout).toContain('15 days not started: 5 days failed in a row.\n');
  });

  test('waits its turn when Lambda has no capacity left', async () => {
    const deployed = await deploy({ concurrency: 1 });
    const { status, stdout } = await runTool(
      ['backfill', '--from', FIRST, '--to', SECOND],
      deployed.environment,
    );
    expect(status).toBe(0);
    expect(stdout).toContain('│ archived │    2 │ 2.70 USD │\n');
    expect(deployed.lambda.requests.length).toBeGreaterThan(2);
  });
});

describe('not run, with a message', () => {
  test('a function that does not exist is called once, not once per day', async () => {
    const deployed = await deploy();
    const { status, stdout } = await runTool(
      [...RANGE, '--function', 'no-such', '--concurrency', '1'],
      deployed.environment,
    );
    expect(status).toBe(1);
    expect(deployed.lambda.requests).toHaveLength(1);
    expect(stdout).toContain(
      `  ${FIRST}  InvocationRefusedError: Lambda did not run the function (ResourceNotFoundException: ` +
        'Function not found: arn:aws:lambda:eu-central-1:123456789012:function:no-such). ' +
        'Check its name, the region and your credentials.\n',
    );
    expect(stdout).toContain('4 days not started: the function could not be run.\n');
  });

  test('a lost connection is not retried, and the message names it', async () => {
    const deployed = await deploy();
    deployed.lambda.afterHandling = (_request, response) => {
      response.destroy();
      return true;
    };
    const { status, stdout } = await runTool(
      ['backfill', '--from', FIRST, '--to', FIRST],
      deployed.environment,
    );
    expect(status).toBe(1);
    expect(stdout).toContain(`${FIRST}  InvocationLostError: It is not known whether the function finished`);
    expect(deployed.lambda.requests).toHaveLength(1);
  });

  test.each([
    [['--from', LAST, '--to', FIRST], 'InvalidArgumentsError: --from 2026-11-20 is after --to 2026-11-16.'],
    [['--from', '2006-01-01', '--to', LAST], 'at most 3700 can be done at once. Split the range.'],
    [['--from', FIRST, '--to', '2999-12-31'], 'at most 3700 can be done at once'],
    [['--from', '2999-12-30', '--to', '2999-12-31'], '2999-12-31 is not over yet in UTC'],
    [['--from', '2026-02-30', '--to', LAST], "argument '2026-02-30' is invalid. Write it as YYYY-MM-DD."],
    [['--from', FIRST, '--to', LAST, '--concurrency', '0'], 'Write a whole number from 1 to 20.'],
    [
      ['--from', FIRST, '--to', LAST],
      'InvalidArgumentsError: Which function? Give --function or set REPORT_FUNCTION',
    ],
  ])('%j', async (range, message) => {
    const { status, stderr } = await runTool(['backfill', ...range], {});
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });
});
