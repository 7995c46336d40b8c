import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { readVideoLog } from '../../../lambda/signalwire/video-log.ts';
import type { RecordedRequest } from '../../../local/loopback-server.ts';
import { sessionLog } from '../../support/logs.ts';
import { type PlainPage, plainLog } from '../../support/plain-logs.ts';
import { ask, type AskOptions, type Outcome, page, ScriptedSpace, started } from './asking.ts';

/** The time that must be left after the reading; no page is requested later. */
export const RESERVED_MS = 15_000;

const LOG = sessionLog('first', { charge: '0.10' });
/** What the space serves. */
export const PAGE = page([LOG]);
export const GZIPPED = gzipSync(PAGE);
/** The same, once it has been read. */
export const READ: PlainPage = { next: null, logs: [plainLog(readVideoLog(LOG.json))] };

/** Answers, cuts off or stalls a response in a way the simulated space would not. */
export type Fault = (response: ServerResponse) => void;

/** The outcome of asking, and the requests that the space received. */
export interface Seen extends Outcome {
  readonly requests: readonly RecordedRequest[];
  /** Milliseconds between the arrivals of successive requests. */
  readonly gaps: readonly number[];
}

/** Asks a space that fails its first requests and then serves the page. */
export async function askFaulty(fault: Fault, times: number, options: AskOptions = {}): Promise<Seen> {
  const space = await started(new ScriptedSpace(() => PAGE));
  const arrivals: number[] = [];
  space.intercept = (_, response) => {
    arrivals.push(performance.now());
    const faulty = arrivals.length <= times;
    if (faulty) fault(response);
    return faulty;
  };
  const outcome = await ask(space.url, options);
  const gaps = arrivals.slice(1).map((arrival, index) => arrival - (arrivals[index] ?? 0));
  return { ...outcome, requests: space.requests, gaps };
}

/** A complete answer. */
export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, body = 'x'): Fault =>
  (response) => {
    response.writeHead(code, { 'content-length': String(Buffer.byteLength(body)), ...headers }).end(body);
  };

/** The head of a good answer and a part of its body; then the connection ends. */
export const cutAfter =
  (headers: Readonly<Record<string, string>>): Fault =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.write(PAGE.slice(0, 100), () => response.destroy());
  };

/** Exactly these bytes; then the connection ends. */
export const raw =
  (bytes: string): Fault =>
  ({ socket }) =>
    socket?.end(bytes, 'latin1');
