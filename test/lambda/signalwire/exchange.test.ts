import { once } from 'node:events';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  exchange,
  MOST_BODY_BYTES,
  TimedOutError,
  TooLongError,
} from '../../../lambda/signalwire/exchange.ts';
import type { Answer } from '../../../local/loopback-server.ts';
import { ask, closeServers, FIRST_REQUEST, page, ScriptedSpace, started } from './asking.ts';

afterEach(closeServers);

const PAGE = page([]);

async function get(url: string): Promise<{ status: number; body: string }> {
  const request = {
    url: new URL(url),
    headers: {},
    timeoutMs: 20_000,
    onNewConnection: false,
    signal: undefined,
  };
  const { status, body } = await exchange(request);
  return { status, body: body.bytes.toString() };
}

/** Sends a number of requests at once, each on a connection of its own, which is kept. */
async function keepConnections(space: ScriptedSpace, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  let release = (): void => undefined;
  const all = new Promise<void>((resolve) => (release = resolve));
  space.intercept = async (_, { socket }) => {
    if (socket !== null) sockets.push(socket);
    if (sockets.length === count) release();
    await all;
    return false;
  };
  await Promise.all(Array.from({ length: count }, () => get(`${space.url}${FIRST_REQUEST}`)));
  space.intercept = null;
  return sockets;
}

describe('a kept connection', () => {
  test('that is dead costs one try and no wait, however many dead ones there are', async () => {
    const space = await started(new ScriptedSpace(() => PAGE));
    const dead = await keepConnections(space, 16);
    space.intercept = (_, { socket }) => {
      if (socket === null || !dead.includes(socket)) return false;
      socket.resetAndDestroy();
      return true;
    };
    const { page: read, usage, elapsedMs } = await ask(space.url);
    expect(read).toEqual({ next: null, logs: [] });
    expect(usage).toEqual({ requests: 2, retries: 1 });
    expect(elapsedMs).toBeLessThan(200);
  });

  test('that breaks in the middle of an answer costs a try and its wait, like any other', async () => {
    const space = await started(new ScriptedSpace(() => PAGE));
    const [kept] = await keepConnections(space, 1);
    space.intercept = (_, { socket }) => {
      if (socket === null || socket !== kept) return false;
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{"links":', () =>
        socket.resetAndDestroy(),
      );
      return true;
    };
    const { page: read, usage, elapsedMs } = await ask(space.url);
    expect(read).toEqual({ next: null, logs: [] });
    expect(usage).toEqual({ requests: 2, retries: 1 });
    expect(elapsedMs).toBeGreaterThan(230);
  });

  test('that is dead does not lead to a sixth try if new connections are reset too', async () => {
    const space = await started(new ScriptedSpace(() => PAGE));
    await keepConnections(space, 1);
    space.intercept = (_, { socket }) => {
      socket?.resetAndDestroy();
      return true;
    };
    const { error, usage } = await ask(space.url);
    expect(error?.name).toBe('SignalWireUnavailableError');
    expect(usage).toEqual({ requests: 5, retries: 4 });
    expect(space.requests).toHaveLength(1 + 5);
  }, 15_000);

  test('is closed after it has been idle for four seconds', async () => {
    const space = await started(new ScriptedSpace(() => PAGE));
    const [socket] = await keepConnections(space, 1);
    const began = performance.now();
    if (socket !== undefined) await once(socket, 'close');
    expect(performance.now() - began).toBeGreaterThan(3500);
    expect(performance.now() - began).toBeLessThan(10_000);
  }, 15_000);

  test('is not closed after four seconds while it waits for an answer', async () => {
    const space = await started(new ScriptedSpace(() => PAGE));
    await keepConnections(space, 1);
    space.intercept = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5000));
      return false;
    };
    expect(await get(`${space.url}${FIRST_REQUEST}`)).toMatchObject({ status: 200, body: PAGE });
    expect(space.requests).toHaveLength(2);
  }, 15_000);
});

describe('an answer that ends with its connection', () => {
  /** Answers with the beginning of a page, and then nothing. */
  async function stalling(): Promise<URL> {
    const space = await started(new ScriptedSpace(() => PAGE));
    space.intercept = (_, { socket }) => {
      socket?.write('HTTP/1.1 200 OK\r\n\r\n{"links":{},"data":[');
      return true;
    };
    return new URL(space.url);
  }

  test('is not taken for a page if it does not come in time', async () => {
    const request = {
      url: await stalling(),
      headers: {},
      timeoutMs: 300,
      onNewConnection: false,
      signal: undefined,
    };
    await expect(exchange(request)).rejects.toThrow(TimedOutError);
  });

  test('is not taken for a page if it is aborted', async () => {
    const reason = new Error('enough');
    const breaking = new AbortController();
    const request = {
      url: await stalling(),
      headers: {},
      timeoutMs: 20_000,
      onNewConnection: false,
      signal: breaking.signal,
    };
    setTimeout(() => {
      breaking.abort(reason);
    }, 300);
    await expect(exchange(request)).rejects.toBe(reason);
  });
});

describe('a body', () => {
  const zipped = gzipSync(PAGE);

  test.each<[string, string | Buffer, Answer['headers']]>([
    ['with a byte order mark', `\uFEFF${PAGE}`, {}],
    ['in gzip, written otherwise', zipped, { 'content-encoding': 'GZip' }],
    ['in gzip, by its old name', zipped, { 'content-encoding': 'x-gzip' }],
  ])('is read %s', async (_, body, headers = {}) => {
    const space = await started(new ScriptedSpace(() => ({ status: 200, headers, body })));
    expect(await get(space.url)).toMatchObject({ status: 200, body: PAGE });
  });

  const longest = Buffer.alloc(MOST_BODY_BYTES, ' ');

  test('is read up to 32 MB', async () => {
    const space = await started(new ScriptedSpace(() => ({ status: 200, body: longest })));
    const { body } = await get(space.url);
    expect(body).toHaveLength(33_554_432);
  });

  test.each<[string, Buffer, Answer['headers']]>([
    ['as it is', Buffer.concat([longest, Buffer.of(32)]), {}],
    ['in gzip', gzipSync(Buffer.concat([longest, Buffer.of(32)])), { 'content-encoding': 'gzip' }],
  ])('that is longer is refused: %s', async (_, body, headers = {}) => {
    const space = await started(new ScriptedSpace(() => ({ status: 200, headers, body })));
    await expect(get(space.url)).rejects.toThrow(TooLongError);
  });
});
