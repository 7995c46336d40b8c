// A space in a thread of its own, which answers while the tests' thread is busy. It counts the requests in memory shared
// with that thread, and sends it the origin.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { sessionLog } from '../../support/logs.ts';
import { page } from './asking.ts';

/** What the thread receives when it is started. */
export interface SpaceThreadData {
  /** Receives the number of requests; whoever waits for it is woken. */
  readonly requests: Int32Array<SharedArrayBuffer>;
  readonly pages: number;
}

const { requests, pages } = workerData as SpaceThreadData;

const server = createServer(({ url = '' }, response) => {
  Atomics.add(requests, 0, 1);
  Atomics.notify(requests, 0);
  const query = new URL(url, 'http://localhost').searchParams;
  const number = Number(query.get('page_number') ?? '0');
  query.set('page_number', String(number + 1));
  response.end(page([sessionLog(number)], number + 1 < pages ? `?${query.toString()}` : null));
});
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
