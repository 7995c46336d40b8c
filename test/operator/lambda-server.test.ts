import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, type InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { IDENTITY } from '../../local/cloud.ts';
import { type LambdaServer, startLambdaServer } from '../../local/lambda-server.ts';

const BUNDLE = `
  let invocations = 0;
  export const handler = async (event) => {
    invocations += 1;
    if (event.fail) throw Object.assign(new TypeError('no such room'), { name: 'RoomError' });
    if (event.exit) process.exit(3);
    if (event.slow) await new Promise((resolve) => setTimeout(resolve, 1000));
    return { event, invocations };
  };
`;

let assetDir: string;
let server: LambdaServer;
let client: LambdaClient;

beforeEach(async () => {
  assetDir = await mkdtemp(join(tmpdir(), 'lambda-server-'));
  await writeFile(join(assetDir, 'index.mjs'), BUNDLE);
  server = await startLambdaServer({
    ...IDENTITY,
    functions: { rooms: { assetDir, environment: { AWS_REGION: IDENTITY.region } } },
  });
  client = new LambdaClient({ ...IDENTITY, endpoint: server.url, maxAttempts: 1 });
});

afterEach(async () => {
  client.destroy();
  await server.close();
  await rm(assetDir, { recursive: true });
});

async function invoke(
  event: unknown,
  more: Partial<InvokeCommandInput> = {},
): Promise<{ error: string | undefined; payload: unknown }> {
  const Payload = Buffer.from(JSON.stringify(event));
  const answer = await client.send(new InvokeCommand({ FunctionName: 'rooms', Payload, ...more }));
  return {
    error: answer.FunctionError,
    payload: JSON.parse(answer.Payload?.transformToString() ?? ''),
  };
}

describe('invocations', () => {
  test('share a container one after another, and get one each when they overlap', async () => {
    expect(await invoke({ a: 1 })).toEqual({
      error: undefined,
      payload: { event: { a: 1 }, invocations: 1 },
    });
    expect(await invoke({})).toMatchObject({ payload: { invocations: 2 } });
    const atOnce = await Promise.all([invoke({ slow: true }), invoke({ slow: true })]);
    expect(atOnce.map(({ payload }) => (payload as { invocations: number }).invocations).sort()).toEqual([
      1, 3,
    ]);
  });

  test('that fail are answered as Lambda answers them', async () => {
    expect(await invoke({ fail: true })).toEqual({
      error: 'Unhandled',
      payload: {
        errorType: 'RoomError',
        errorMessage: 'no such room',
        trace: expect.arrayContaining([expect.stringContaining('no such room')]),
      },
    });
    expect(await invoke({ exit: true })).toMatchObject({ payload: { errorType: 'Runtime.ExitError' } });
    // The container is gone; a new one replaces it.
    expect(await invoke({})).toMatchObject({ payload: { invocations: 1 } });
  });
});

describe('refusals', () => {
  test.each<[string, Partial<InvokeCommandInput>, string]>([
    ['an unknown function', { FunctionName: 'chairs' }, 'ResourceNotFoundException'],
    ['a payload that is not JSON', { Payload: Buffer.from('{') }, 'InvalidRequestContentException'],
    ['another invocation type', { InvocationType: 'Event' }, 'NotImplementedException'],
    ['a qualifier', { Qualifier: 'live' }, 'NotImplementedException'],
    ['a log tail', { LogType: 'Tail' }, 'NotImplementedException'],
  ])('%s', async (_what, input, name) => {
    await expect(invoke({}, input)).rejects.toMatchObject({ name });
  });

  test('another operation', async () => {
    const response = await fetch(`${server.url}/2015-03-31/functions`);
    // Unsigned, so it does not even get that far.
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([
      403,
      'MissingAuthenticationTokenException',
    ]);
  });

  test('a signature by somebody else', async () => {
    const stranger = new LambdaClient({
      region: IDENTITY.region,
      endpoint: server.url,
      credentials: { ...IDENTITY.credentials, secretAccessKey: 'another' },
      maxAttempts: 1,
    });
    await expect(stranger.send(new InvokeCommand({ FunctionName: 'rooms' }))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    stranger.destroy();
  });
});
