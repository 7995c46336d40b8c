import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { once } from 'node:events';
import { type Answer, LoopbackServer, type RecordedRequest } from '../../local/loopback-server.ts';

/** A server that counts the requests that take effect. */
class CountingServer extends LoopbackServer {
  handled = 0;

  protected override handle({ url }: RecordedRequest): Answer {
    if (url === '/fault') throw new Error('A fault of the handler');
    this.handled += 1;
    return { status: 200, headers: { 'x-handled': String(this.handled) }, body: `handled ${this.handled}` };
  }
}

let server: CountingServer;

beforeEach(async () => {
  server = await new CountingServer().listen();
});
afterEach(() => server.close());

test('requests are recorded in order, with their bodies', async () => {
  await fetch(`${server.url}/first?a=%20`, { headers: { 'x-test': 'yes' } });
  await fetch(`${server.url}/second`, { method: 'POST', body: new Uint8Array([0, 255]) });
  expect(server.requests).toEqual([
    {
      method: 'GET',
      url: '/first?a=%20',
      headers: expect.objectContaining({ 'x-test': 'yes' }),
      body: Buffer.alloc(0),
    },
    { method: 'POST', url: '/second', headers: expect.anything(), body: Buffer.from([0, 255]) },
  ]);
});

test('HEAD is answered without the body, but with its length', async () => {
  const response = await fetch(server.url, { method: 'HEAD' });
  expect(response.headers.get('content-length')).toBe('9');
  expect(await response.text()).toBe('');
});

test('no Date is sent, so that no client corrects its clock by it', async () => {
  expect((await fetch(server.url)).headers.has('date')).toBe(false);
});

describe('a fault', () => {
  test('may take the place of the answer', async () => {
    server.intercept = (_request, response) => {
      response.writeHead(500).end('broken');
      return true;
    };
    const response = await fetch(server.url);
    expect([response.status, await response.text()]).toEqual([500, 'broken']);
    expect(server.handled).toBe(0);
    server.intercept = null;
    expect(await (await fetch(server.url)).text()).toBe('handled 1');
    expect(server.requests).toHaveLength(2);
  });

  test('may be a reset', async () => {
    server.intercept = (_request, response) => {
      response.destroy();
      return true;
    };
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
    expect(server.handled).toBe(0);
  });

  test('may cut the body', async () => {
    server.intercept = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('only this', () => response.destroy());
      return true;
    };
    const response = await fetch(server.url);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  test('may lose the answer to a request that has taken effect', async () => {
    const answers: Answer[] = [];
    server.afterHandling = (_request, response, answer) => {
      answers.push(answer);
      response.destroy();
      return true;
    };
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
    expect(server.handled).toBe(1);
    expect(answers).toEqual([{ status: 200, headers: { 'x-handled': '1' }, body: 'handled 1' }]);
  });

  test('may be a stall, which ends when the server is closed', async () => {
    const arrived = new Promise<void>((resolve) => {
      server.intercept = () => {
        resolve();
        return true;
      };
    });
    const stalled = fetch(server.url);
    await arrived;
    await Promise.all([server.close(), expect(stalled).rejects.toThrow('fetch failed')]);
  });

  test('may be declined', async () => {
    server.intercept = () => Promise.resolve(false);
    server.afterHandling = () => false;
    expect(await (await fetch(server.url)).text()).toBe('handled 1');
  });
});

test('a request that never becomes complete is not handled', async () => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 10\r\n\r\nhalf');
  await fetch(server.url);
  socket.destroy();
  await once(socket, 'close');
  expect([server.handled, server.requests.length]).toEqual([1, 1]);
});

test('a handler that fails answers 500, and closing the server reports it', async () => {
  const failing = await new CountingServer().listen();
  expect((await fetch(`${failing.url}/fault`)).status).toBe(500);
  await expect(failing.close()).rejects.toThrow('CountingServer failed: Error: A fault of the handler');
});

test('closing twice is harmless, and a closed server has no address', async () => {
  await server.close();
  await server.close();
  expect(() => server.url).toThrow('not listening');
});
