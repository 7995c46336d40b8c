import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type LambdaProcess,
  type LambdaProcessOptions,
  startLambdaProcess,
} from '../../local/lambda-process.ts';

const BUNDLE = `
  let invocations = 0;
  const actions = {
    environment: () => process.env,
    context: (_event, { getRemainingTimeInMillis, ...context }) => ({ ...context, remaining: getRemainingTimeInMillis() }),
    count: () => ++invocations,
    nothing: () => undefined,
    echo: ({ value }) => value,
    print() {
      console.log('out 1');
      console.error('err 1');
      process.stdout.write('out 2\\nunfinished');
    },
    printMuch() { for (let i = 0; i < 20000; i++) console.log('line ' + i); },
    fail() { throw Object.assign(new TypeError('no such room'), { name: 'RoomError' }); },
    failOddly() { throw 'text'; },
    clock: () => [Date.now(), new Date().toISOString(), new Date(0).toISOString(), new Date() instanceof Date, new Date().constructor === Date, Date.UTC(2026, 0)],
    exit() { console.error('going'); process.exit(3); },
    hang: () => new Promise((resolve) => { setInterval(() => {}, 1000); }),
    folder: () => process.cwd(),
  };
  export const handler = async (event, context) => actions[event.action](event, context);
`;

let assetDir: string;
const processes: LambdaProcess[] = [];

beforeEach(async () => {
  assetDir = await mkdtemp(join(tmpdir(), 'lambda-process-'));
  await writeFile(join(assetDir, 'index.mjs'), BUNDLE);
});
afterEach(async () => {
  await Promise.all(processes.splice(0).map((process) => process.kill()));
  await rm(assetDir, { recursive: true });
});

async function start(options: Partial<LambdaProcessOptions> = {}): Promise<LambdaProcess> {
  const started = await startLambdaProcess({
    assetDir,
    environment: { AWS_REGION: 'eu-central-1' },
    ...options,
  });
  processes.push(started);
  return started;
}

test('the environment is the one given, added to Lambda’s own', async () => {
  process.env['INHERITED'] = 'must not get through';
  const lambda = await start({ environment: { AWS_REGION: 'eu-central-1', TZ: ':Europe/Berlin' } });
  const { result } = await lambda.invoke({ action: 'environment' });
  delete process.env['INHERITED'];
  expect(
    Object.keys(result as object)
      .filter((name) => !name.startsWith('NODE_CHANNEL_'))
      .sort(),
  ).toEqual([
    'AWS_EXECUTION_ENV',
    'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
    'AWS_LAMBDA_FUNCTION_NAME',
    'AWS_LAMBDA_FUNCTION_VERSION',
    'AWS_LAMBDA_INITIALIZATION_TYPE',
    'AWS_LAMBDA_LOG_GROUP_NAME',
    'AWS_LAMBDA_LOG_STREAM_NAME',
    'AWS_REGION',
    'LAMBDA_TASK_ROOT',
    'LANG',
    'TZ',
    '_HANDLER',
  ]);
  expect(result).toMatchObject({ LAMBDA_TASK_ROOT: assetDir, TZ: ':Europe/Berlin' });
});

test('a handler is given its context', async () => {
  const lambda = await start();
  const { result } = await lambda.invoke({ action: 'context' }, { remainingMs: 90_000 });
  expect(result).toMatchObject({
    functionName: 'video-cost-report',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:video-cost-report',
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  const { remaining } = result as { remaining: number };
  expect(remaining).toBeGreaterThan(80_000);
  expect(remaining).toBeLessThanOrEqual(90_000);
});

test('invocations share a process, one after the other', async () => {
  const lambda = await start();
  expect((await lambda.invoke({ action: 'count' })).result).toBe(1);
  expect((await lambda.invoke({ action: 'count' })).result).toBe(2);
  const running = lambda.invoke({ action: 'count' });
  await expect(lambda.invoke({ action: 'count' })).rejects.toThrow('one invocation at a time');
  await expect(lambda.close()).rejects.toThrow('An invocation is running');
  expect((await running).result).toBe(3);
});

test('several processes run at once', async () => {
  const lambdas = await Promise.all([start(), start()]);
  const outcomes = await Promise.all(lambdas.map((lambda) => lambda.invoke({ action: 'count' })));
  expect(outcomes.map(({ result }) => result)).toEqual([1, 1]);
});

test('answers go through JSON', async () => {
  const lambda = await start();
  expect((await lambda.invoke({ action: 'nothing' })).result).toBeNull();
  expect((await lambda.invoke({ action: 'echo', value: { ä: [1, null] } })).result).toEqual({ ä: [1, null] });
});

describe('output', () => {
  test('is returned with the invocation that printed it', async () => {
    const lambda = await start();
    expect(await lambda.invoke({ action: 'print' })).toEqual({
      result: null,
      stdout: ['out 1', 'out 2', 'unfinished'],
      stderr: ['err 1'],
    });
    expect(await lambda.invoke({ action: 'count' })).toEqual({ result: 1, stdout: [], stderr: [] });
  });

  test('is complete, however long it is', async () => {
    const lambda = await start();
    const { stdout } = await lambda.invoke({ action: 'printMuch' });
    expect(stdout).toEqual(Array.from({ length: 20_000 }, (_, index) => `line ${index}`));
  });
});

describe('failures', () => {
  test('of a handler are returned with name, message and stack, and the process goes on', async () => {
    const lambda = await start();
    expect((await lambda.invoke({ action: 'fail' })).error).toEqual({
      name: 'RoomError',
      message: 'no such room',
      stack: expect.stringContaining('index.mjs'),
    });
    expect((await lambda.invoke({ action: 'failOddly' })).error).toEqual({
      name: 'string',
      message: 'text',
      stack: '',
    });
    expect((await lambda.invoke({ action: 'count' })).result).toBe(1);
  });

  test('while loading fail every invocation', async () => {
    await writeFile(join(assetDir, 'index.mjs'), 'throw new RangeError("cannot load");');
    const lambda = await start();
    const cannotLoad = { name: 'RangeError', message: 'cannot load' };
    expect((await lambda.invoke({})).error).toMatchObject(cannotLoad);
    expect((await lambda.invoke({})).error).toMatchObject(cannotLoad);
  });

  test('that end the process while loading are reported immediately', async () => {
    await writeFile(join(assetDir, 'index.mjs'), 'console.error("no way"); process.exit(4);');
    await expect(start()).rejects.toThrow('The process ended (exit status: 4) while loading:\nno way');
  });

  test('that end the process are named as Lambda names them', async () => {
    const lambda = await start();
    const outcome = await lambda.invoke({ action: 'exit' });
    expect(outcome).toMatchObject({
      error: { name: 'Runtime.ExitError', message: expect.stringContaining('exit status: 3') },
      stderr: ['going'],
    });
    await expect(lambda.invoke({ action: 'count' })).rejects.toThrow('The process has ended');
  });

  test('a crash during an invocation can be staged', async () => {
    const lambda = await start();
    const running = lambda.invoke({ action: 'hang' });
    await lambda.kill();
    expect((await running).error).toMatchObject({
      name: 'Runtime.ExitError',
      message: expect.stringContaining('signal: SIGKILL'),
    });
  });

  test('an invocation that never ends runs out of time', async () => {
    const lambda = await start();
    const { error } = await lambda.invoke({ action: 'hang' }, { remainingMs: 250 });
    expect(error).toMatchObject({
      name: 'Sandbox.Timedout',
      message: expect.stringContaining('Task timed out after 0.25 seconds'),
    });
  });
});

describe('the clock', () => {
  test('starts at the given instant and runs on', async () => {
    const lambda = await start({ clock: '2026-03-29T00:59:00Z' });
    const { result } = await lambda.invoke({ action: 'clock' });
    const [now, iso, epoch, isDate, isSameConstructor, utc] = result as [number, string, ...unknown[]];
    expect(now - Date.parse('2026-03-29T00:59:00Z')).toBeGreaterThanOrEqual(0);
    expect(now - Date.parse('2026-03-29T00:59:00Z')).toBeLessThan(30_000);
    expect(iso.slice(0, 14)).toBe('2026-03-29T00:');
    expect([epoch, isDate, isSameConstructor, utc]).toEqual([
      '1970-01-01T00:00:00.000Z',
      true,
      true,
      Date.UTC(2026, 0),
    ]);
  });

  test('must be an instant', async () => {
    await expect(async () => start({ clock: 'tomorrow' })).rejects.toThrow(RangeError);
  });
});

test('the bundle’s folder is the working directory', async () => {
  const lambda = await start();
  expect((await lambda.invoke({ action: 'folder' })).result).toBe(assetDir);
  await lambda.close();
});
