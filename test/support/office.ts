import PostalMime, { type Email } from 'postal-mime';
import { findDay } from '../../lambda/archive/archived-day.ts';
import { emailsPrefix } from '../../lambda/archive/layout.ts';
import type { Manifest } from '../../lambda/archive/manifest.ts';
import type { JobMeans } from '../../lambda/daily-report.ts';
import type { Deadline } from '../../lambda/deadline.ts';
import { readEnvironment, type Settings } from '../../lambda/environment.ts';
import type { SignalWireClient } from '../../lambda/signalwire/client.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { WatchedStore } from './watched-store.ts';
import { onlyPage } from './pages.ts';

/** A request for a UTC date, and the time that was left for it. */
interface Asked {
  readonly date: string;
  readonly remainingMs: number;
}

/**
 * Everything the job works with, in this process and without sockets: a space whose logs may change, an archive, a
 * mailbox, and a clock that stands still.
 */
export class Office {
  readonly store = new WatchedStore();
  settings: Settings = readEnvironment({
    SIGNALWIRE_SPACE_URL: 'https://example.signalwire.com',
    SIGNALWIRE_SECRET_ID: 'secret',
    ARCHIVE_BUCKET: 'archive',
    EMAIL_FROM: 'costs@example.com',
    EMAIL_TO: 'finance@example.com',
  });
  now = Date.parse('2026-11-23T06:00:00Z');
  remainingMs = 900_000;
  /** Every log of the space. */
  logs: readonly SignalWireLog[] = [];
  /** The errors of requests for UTC dates. */
  readonly unreadable = new Map<string, unknown>();
  /** The error of sending a mail; null: the mail is accepted. */
  unsendable: Error | null = null;
  readonly asked: Asked[] = [];
  /** Everything of which the run notified its observer, in order. */
  readonly notifications: string[] = [];
  readonly #sent: Buffer[] = [];

  means(requestId = 'request'): JobMeans {
    const deadline = { remainingMs: () => this.remainingMs };
    return {
      settings: this.settings,
      signalWire: this.#signalWire(deadline),
      store: this.store,
      mailer: {
        send: ({ raw }) => {
          if (this.unsendable !== null) return Promise.reject(this.unsendable);
          this.#sent.push(raw);
          return Promise.resolve(`message ${this.#sent.length}`);
        },
      },
      deadline,
      now: () => this.now,
      requestId,
      onNotice: (notice) => this.notifications.push(notice),
      observer: this.#observer(),
    };
  }

  /** The mails that were accepted, parsed. */
  mails(): Promise<Email[]> {
    return Promise.all(this.#sent.map((raw) => PostalMime.parse(raw)));
  }

  /** Returns the UTC dates in the order in which they were requested, and forgets them. */
  takeAsked(): string[] {
    return this.asked.splice(0).map(({ date }) => date);
  }

  /** The current manifest; fails the test if there is none. */
  async manifest(day: string): Promise<Manifest> {
    const found = await findDay(this.store, day);
    if (found === null) throw new Error(`${day} is not archived`);
    return found.manifest;
  }

  /** The names of the objects of a day's mail. */
  async journal(day: string): Promise<string[]> {
    const prefix = emailsPrefix(day);
    return (await Array.fromAsync(this.store.list(prefix))).map((key) => key.slice(prefix.length));
  }

  #signalWire(deadline: Deadline): SignalWireClient {
    return {
      projectId: () => Promise.resolve('project'),
      within: (other) => this.#signalWire(other),
      getPage: (url) => {
        const date = url.searchParams.get('created_on') ?? '';
        this.asked.push({ date, remainingMs: deadline.remainingMs() });
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a test may say what is thrown
        if (this.unreadable.has(date)) return Promise.reject(this.unreadable.get(date));
        return Promise.resolve(onlyPage(this.logs.filter((log) => log.createdAt.startsWith(date))));
      },
    };
  }

  #observer(): JobMeans['observer'] {
    return {
      onReported: ({ day, status }) => this.notifications.push(`${day} ${status}`),
      onRestated: ({ day, revision }) => this.notifications.push(`${day} restated as revision ${revision}`),
      onFailure: (day, error) => this.notifications.push(`${day} not read again: ${String(error)}`),
      onStillMissed: ({ day, error }) => this.notifications.push(`${day} still missed: ${String(error)}`),
    };
  }
}
