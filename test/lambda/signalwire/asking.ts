import { type Answer, LoopbackServer, type RecordedRequest } from '../../../local/loopback-server.ts';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import type { Deadline } from '../../../lambda/deadline.ts';
import { ExactSum } from '../../../lambda/money/exact-sum.ts';
import { formatExact } from '../../../lambda/money/money.ts';
import { type ApiUsage, signalWireClient } from '../../../lambda/signalwire/client.ts';
import type { Credentials, ReadCredentials } from '../../../lambda/signalwire/credentials.ts';
import type { ReadingManner } from '../../../lambda/signalwire/date-reading.ts';
import type { LogCollector, Reading } from '../../../lambda/signalwire/day-reading.ts';
import type { GetPage } from '../../../lambda/signalwire/paging.ts';
import type { Waiting } from '../../../lambda/signalwire/waiting-time.ts';
import type { VideoLog } from '../../../lambda/signalwire/video-log.ts';
import { type PlainPage, plainPage } from '../../support/plain-logs.ts';

export const LOGS_PATH = '/api/video/logs';
export const DAY = '2026-11-22';
export const ONE_BY_ONE: ReadingManner = { waiting: null, onNotice: () => undefined };
/** Counts every page as waited for, so that a long day is read as windows as soon as they are proved. */
export const MUCH_WAITING: Waiting = { during: (page) => page, isMuch: true };
/** The exact path and query of the request for a day. */
export const FIRST_REQUEST = `${LOGS_PATH}?created_on=${DAY}&include_deleted=true&page_size=1000`;

/** The token has characters with a special meaning in regular expressions and replacements. */
export const CREDENTIALS: Credentials = {
  projectId: '4b9c0c52-7f6e-4a0e-9d6c-0d4f1a2b3c4d',
  apiToken: 'PTnot$&a+real?token0123456789abcdef',
};

export function basicAuthorization({ projectId, apiToken }: Credentials): string {
  return `Basic ${Buffer.from(`${projectId}:${apiToken}`).toString('base64')}`;
}

/** A secret that has another value each time it is read; the last value stays. */
export class Secret {
  reads = 0;
  readonly #values: readonly Credentials[];

  constructor(...values: readonly Credentials[]) {
    this.#values = values.length === 0 ? [CREDENTIALS] : values;
  }

  readonly read: ReadCredentials = () => {
    const value = this.#values[Math.min(this.reads, this.#values.length - 1)] ?? CREDENTIALS;
    this.reads += 1;
    return Promise.resolve(value);
  };
}

/** The deadline of an invocation that has this many milliseconds left from now on. */
export function deadlineIn(ms: number): Deadline {
  const end = performance.now() + ms;
  return { remainingMs: () => end - performance.now() };
}

/** Remembers every log that it receives, and how the reading ended. */
export class Collected implements LogCollector {
  readonly reading: Reading;
  readonly logs: VideoLog[] = [];
  state: 'open' | 'ended' | 'discarded' = 'open';

  constructor(reading: Reading) {
    this.reading = reading;
  }

  add(logs: readonly VideoLog[]): Promise<void> {
    for (const log of logs) log.asSent.page.keep();
    this.logs.push(...logs);
    return Promise.resolve();
  }

  end(): Promise<void> {
    this.state = 'ended';
    return Promise.resolve();
  }

  discard(): Promise<void> {
    this.state = 'discarded';
    return Promise.resolve();
  }

  get ids(): readonly string[] {
    return this.logs.map(({ id }) => id);
  }

  get charge(): string {
    const sum = new ExactSum();
    for (const log of this.logs) if (log.kind === 'session' && log.charge !== null) sum.add(log.charge);
    return formatExact(sum.value);
  }
}

/** The real client, with more time than any test takes. */
export function client(): GetPage {
  return signalWireClient(new Secret().read, deadlineIn(300_000), { requests: 0, retries: 0 }).getPage;
}

export interface AskOptions {
  readonly secret?: Secret;
  readonly deadline?: Deadline;
}

/** The outcome of asking for one page. */
export interface Outcome {
  /** Null if it failed. */
  readonly page: PlainPage | null;
  /** Null if it succeeded. */
  readonly error: Error | null;
  readonly usage: ApiUsage;
  readonly elapsedMs: number;
  /** Milliseconds left when it ended. */
  readonly leftMs: number;
}

export async function ask(origin: string, options: AskOptions = {}): Promise<Outcome> {
  const { secret = new Secret(), deadline = deadlineIn(300_000) } = options;
  const usage: ApiUsage = { requests: 0, retries: 0 };
  const began = performance.now();
  const ended = (): Pick<Outcome, 'usage' | 'elapsedMs' | 'leftMs'> => ({
    usage,
    elapsedMs: performance.now() - began,
    leftMs: deadline.remainingMs(),
  });
  try {
    const page = await signalWireClient(secret.read, deadline, usage).getPage(new URL(FIRST_REQUEST, origin));
    return { page: plainPage(page), error: null, ...ended() };
  } catch (error) {
    return { page: null, error: error as Error, ...ended() };
  }
}

/** The error of a promise; the test fails if the promise succeeds. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error as Error,
  );
  if (outcome === null) throw new Error('It succeeded.');
  return outcome;
}

/** A request to the scripted space, and how many requests came before it. */
export type Script = (target: URL, before: number) => string | Answer;

/** A space that answers as the test scripts it; a string is a page's JSON, sent with 200. */
export class ScriptedSpace extends LoopbackServer {
  script: Script;

  constructor(script: Script) {
    super();
    this.script = script;
  }

  protected override handle({ url }: RecordedRequest): Answer {
    const answer = this.script(new URL(url, this.url), this.requests.length - 1);
    return typeof answer === 'string' ? json(200, answer) : answer;
  }

  /** Path and query of every request, in the order of arrival. */
  get asked(): readonly string[] {
    return this.requests.map(({ url }) => url);
  }
}

function json(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}

/**
 * The JSON of a page.
 *
 * @param next `links.next`; left out of the links if undefined
 */
export function page(logs: readonly SignalWireLog[], next?: unknown): string {
  const links = JSON.stringify({ self: 'self', first: 'first', next });
  return `{"links":${links},"data":[${logs.map((log) => log.json).join(',')}]}`;
}

/** The link to page `index` of a day; the first page has no number. */
export function pageQuery(day: string, index: number): string {
  return `?created_on=${day}&include_deleted=true&page_number=${index}&page_size=1000&page_token=PA${index}`;
}

/** Serves the pages of one day, each linked to the next. */
export function pagesOf(day: string, pages: readonly (readonly SignalWireLog[])[]): Script {
  return (target) => {
    const index = Number(target.searchParams.get('page_number') ?? '0');
    const last = index >= pages.length - 1;
    return page(pages[index] ?? [], last ? undefined : pageQuery(day, index + 1));
  };
}

const servers: LoopbackServer[] = [];

/** Starts a server that `closeServers` closes. */
export async function started<Server extends LoopbackServer>(server: Server): Promise<Server> {
  servers.push(server);
  return server.listen();
}

/** Closes all servers; fails the test if one of their hooks failed. */
export async function closeServers(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.close()));
}
