import { describe, expect, test } from '@jest/globals';
import { BUCKET } from '../../local/cloud.ts';
import { times } from '../end-to-end/support/faults.ts';
import { DAYS, refuseDay } from './support/deployed.ts';
import { deployEngine, ENGINE } from './support/engine.ts';
import { runTool, startTool } from './support/tool.ts';

const [FIRST, , THIRD, , LAST] = DAYS;
const RANGE = ['backfill', '--from', FIRST, '--to', LAST, '--engine'];
const WATCHING = 'It keeps running without this machine: Ctrl+C only stops watching.\n';

describe('a backfill on the engine', () => {
  test('archives each day, without a mail, and writes each result down', async () => {
    const deployed = await deployEngine();
    const { status, stdout, stderr } = await runTool(RANGE, deployed.environment);
    expect({ status, stderr }).toEqual({ status: 0, stderr: WATCHING });
    expect(stdout).toMatch(/^Started arn:aws:states:eu-central-1:123456789012:execution:backfill:/);
    expect(stdout).toContain(
      [
        '┌──────────┬──────┐',
        '│ Status   │ Days │',
        '├──────────┼──────┤',
        '│ archived │    5 │',
        '├──────────┼──────┤',
        '│ total    │    5 │',
        '└──────────┴──────┘',
      ].join('\n'),
    );
    expect(stdout).toMatch(
      /\nResults for each day: s3:\/\/backfill-results\/backfills\/.+\/manifest\.json\n$/,
    );

    expect(deployed.events()).toEqual(expect.arrayContaining(DAYS.map((day) => ({ day, email: false }))));
    expect(deployed.events()).toHaveLength(DAYS.length);
    const archived = deployed.cloud.s3.bucket(BUCKET).keys();
    expect(archived).toEqual(expect.arrayContaining(DAYS.map((day) => `manifests/day=${day}.json`)));
    expect(deployed.cloud.ses.outbox).toEqual([]);
    expect(
      deployed
        .results('SUCCEEDED')
        .map(({ Input }) => JSON.parse(Input) as string)
        .sort(),
    ).toEqual(DAYS);
  });

  test('keeps running when Ctrl+C stops the watching', async () => {
    const deployed = await deployEngine();
    const run = startTool([...RANGE, '--concurrency', '1'], deployed.environment);
    deployed.lambda.intercept = async () => {
      if (deployed.lambda.requests.length === 2) {
        run.interrupt();
        await run.ended;
      }
      return false;
    };
    const { status, stdout, stderr } = await run.ended;
    expect({ status, stderr }).toEqual({
      status: 130,
      stderr: `${WATCHING}\nStopping: the engine keeps running. Ctrl+C again quits at once.\n`,
    });
    expect(stdout).toContain('│ archived │    1 │');
    expect(stdout).toContain(
      '\nIt is still running. To check on it:\n  aws stepfunctions describe-execution --execution-arn arn:',
    );
    await deployed.stepFunctions.close();
    expect(deployed.results('SUCCEEDED')).toHaveLength(DAYS.length);
  });

  test('retries failures that may pass', async () => {
    const deployed = await deployEngine();
    let refusals = 0;
    // Ten refusals: two runs give up after five tries each.
    const outage = times(10, (_request, response) => {
      refusals += 1;
      response.writeHead(503, { 'retry-after': '0' }).end();
      return true;
    });
    deployed.cloud.signalWire.intercept = (request, response) => outage(request, response, { status: 503 });
    const { status } = await runTool(
      ['backfill', '--from', FIRST, '--to', FIRST, '--engine'],
      deployed.environment,
    );
    expect({ status, refusals }).toEqual({ status: 0, refusals: 10 });
    expect(deployed.events()).toHaveLength(3);
  });

  test('gives up when more than a tenth have failed, and says how to continue', async () => {
    const deployed = await deployEngine();
    refuseDay(deployed, '2026-11-');
    const { status, stdout } = await runTool([...RANGE, '--concurrency', '1'], deployed.environment);
    expect(status).toBe(1);
    // A refusal like this is final, so it is not retried.
    expect(deployed.events()).toEqual([{ day: FIRST, email: false }]);
    expect(stdout).toContain('│ failed      │    1 │');
    expect(stdout).toContain('│ not started │    4 │');
    expect(stdout).toContain('It ended before all days were done: States.ExceedToleratedFailureThreshold.');
    expect(stdout).toContain('5 days left. Run the same command again: archived days are not read again.');
    expect(deployed.results('FAILED')).toEqual([
      expect.objectContaining({ Input: JSON.stringify(FIRST), Error: 'SignalWireRejectedError' }),
    ]);
  });

  test('runs the other days when one in ten fails', async () => {
    const deployed = await deployEngine();
    refuseDay(deployed, THIRD);
    const { status, stdout } = await runTool(
      ['backfill', '--from', '2026-11-11', '--to', LAST, '--engine', ENGINE],
      deployed.environment,
    );
    expect(status).toBe(1);
    expect(stdout).toContain('│ archived │    9 │');
    expect(stdout).toContain('│ failed   │    1 │');
    expect(deployed.results('FAILED')).toEqual([
      expect.objectContaining({ Input: JSON.stringify(THIRD), Error: 'SignalWireRejectedError' }),
    ]);
  });
});

test('an engine that can no longer be watched keeps running, and the message says how to check on it', async () => {
  const deployed = await deployEngine();
  deployed.stepFunctions.intercept = ({ headers }, response) => {
    if (headers['x-amz-target'] !== 'AWSStepFunctions.DescribeMapRun') return false;
    response
      .writeHead(400, { 'content-type': 'application/x-amz-json-1.0' })
      .end('{"__type":"AccessDeniedException","message":"not authorized to perform states:DescribeMapRun"}');
    return true;
  };
  const { status, stdout, stderr } = await runTool(RANGE, deployed.environment);
  expect(status).toBe(1);
  const arn = /^Started (arn:.+)$/m.exec(stdout)?.[1] ?? '';
  expect(stderr).toBe(
    `${WATCHING}InvocationLostError: The engine keeps running, but can't be watched (AccessDeniedException: not authorized ` +
      `to perform states:DescribeMapRun). Check on it: aws stepfunctions describe-execution --execution-arn ${arn}\n`,
  );
  await deployed.stepFunctions.close();
  expect(deployed.results('SUCCEEDED')).toHaveLength(DAYS.length);
});

describe('not started, with a message', () => {
  test('an engine that does not exist', async () => {
    const { environment } = await deployEngine();
    const { status, stderr } = await runTool([...RANGE, `${ENGINE}-no-such`], environment);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^InvocationRefusedError: Step Functions did not start the engine \(StateMachineDoesNotExist: .+\)\. Check its ARN/,
    );
  });

  test.each([
    [[...RANGE], 'InvalidArgumentsError: Which engine? Give --engine <arn> or set REPORT_ENGINE'],
    [
      [...RANGE, '--email'],
      'InvalidArgumentsError: The engine sends no mail: leave out --email or --engine.',
    ],
    [
      [...RANGE, ENGINE, '--function', 'video-cost-report'],
      'InvalidArgumentsError: Give --function or --engine, not both.',
    ],
    [[...RANGE, ENGINE], 'InvalidArgumentsError: No AWS region is set. Set AWS_REGION'],
  ])('%j', async (args, message) => {
    const { status, stderr } = await runTool(args, {});
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });
});
