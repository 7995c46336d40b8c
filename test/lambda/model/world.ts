import PostalMime from 'postal-mime';
import { manifestKey } from '../../../lambda/archive/layout.ts';
import { type Manifest, parseManifest } from '../../../lambda/archive/manifest.ts';
import type { ObjectStore } from '../../../lambda/archive/object-store.ts';
import { type Answer, runTask } from '../../../lambda/daily-report.ts';
import type { Message } from '../../../lambda/email/delivery.ts';
import {
  ArchiveError,
  EmailOutcomeUnknownError,
  EmailRejectedError,
  SignalWireUnavailableError,
} from '../../../lambda/errors.ts';
import { readEvent } from '../../../lambda/event.ts';
import type { SignalWireClient } from '../../../lambda/signalwire/client.ts';
import { readEnvironment } from '../../../lambda/environment.ts';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import { NO_HURRY } from '../../support/deadlines.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { onlyPage } from '../../support/pages.ts';
import { type Death, type End, Life } from './life.ts';

/** How SES answers a call. */
export type SesAnswer = 'takes' | 'refuses' | 'takes, and the answer is lost' | 'is lost';

/** The faults that a run meets. */
export interface Circumstances {
  readonly ses: SesAnswer;
  /** The number of an outside call that S3 refuses, if it goes to S3, and whether it has taken effect before. */
  readonly s3Refuses: Death | null;
  /** Days that SignalWire can't list. */
  readonly unreadable: readonly string[];
  readonly death: Death | null;
  readonly pauses: readonly number[];
}

export const WELL: Circumstances = {
  ses: 'takes',
  s3Refuses: null,
  unreadable: [],
  death: null,
  pauses: [0],
};

/** A call to SES as it really went, which the job may not know. */
export interface SesCall {
  readonly day: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly arrived: boolean;
  /** Whether the run received the answer. */
  readonly refused: boolean;
  readonly text: string;
  /** The day's archived totals at that moment, one for each revision: exact decimals. */
  readonly archived: readonly string[];
}

const SETTINGS = readEnvironment({
  SIGNALWIRE_SPACE_URL: 'https://example.signalwire.com',
  SIGNALWIRE_SECRET_ID: 'secret',
  ARCHIVE_BUCKET: 'archive',
  EMAIL_FROM: 'costs@example.com',
  EMAIL_TO: 'finance@example.com',
  LOOKBACK_DAYS: '35',
});

/** Everything around the job, with its own clock and without sockets, for thousands of runs a minute. */
export class World {
  readonly store = new MemoryStore();
  readonly logs: SignalWireLog[] = [];
  readonly sesCalls: SesCall[] = [];
  /** Milliseconds since the epoch. */
  now: number;
  #runs = 0;

  constructor(start: string) {
    this.now = Date.parse(start);
  }

  async run(event: unknown, circumstances: Circumstances): Promise<End<Answer>> {
    const { ses, unreadable, death, pauses } = circumstances;
    const requestId = String((this.#runs += 1));
    const life = new Life(death, pauses);
    return life.live(() =>
      runTask(readEvent(event, SETTINGS.timeZone, this.now), {
        settings: SETTINGS,
        signalWire: this.#signalWire(life, unreadable),
        store: this.#store(life, circumstances),
        mailer: { send: (message) => life.call(() => this.#send(message, ses)) },
        deadline: NO_HURRY,
        now: () => this.now,
        requestId,
        onNotice: () => undefined,
        observer: {
          onReported: () => undefined,
          onRestated: () => undefined,
          onFailure: () => undefined,
          onStillMissed: () => undefined,
        },
      }),
    );
  }

  /** The manifests of all of a day's revisions, oldest first. */
  manifests(day: string): Manifest[] {
    return this.store.versions(manifestKey(day)).map(({ body }) => parseManifest(body, day));
  }

  #signalWire(life: Life, unreadable: readonly string[]): SignalWireClient {
    const client: SignalWireClient = {
      projectId: () => Promise.resolve('project'),
      within: () => client,
      getPage: (url) =>
        life.call(() => {
          const day = url.searchParams.get('created_on') ?? '';
          if (unreadable.includes(day)) return Promise.reject(new SignalWireUnavailableError('Staged'));
          return Promise.resolve(onlyPage(this.logs.filter(({ createdAt }) => createdAt.startsWith(day))));
        }),
    };
    return client;
  }

  #store(life: Life, { s3Refuses }: Circumstances): ObjectStore {
    const { store } = this;
    const call = <T>(effect: () => Promise<T>): Promise<T> =>
      life.call(async () => {
        if (life.calls !== s3Refuses?.atCall) return effect();
        if (s3Refuses.takesEffect) await effect();
        throw new ArchiveError('Staged');
      });
    return {
      get: (key, versionId) => call(() => store.get(key, versionId)),
      put: (key, body, type, condition) => call(() => store.put(key, body, type, condition)),
      upload: (key, type) => {
        const upload = store.upload(key, type);
        return { ...upload, complete: (condition) => call(() => upload.complete(condition)) };
      },
      head: (key) => call(() => store.head(key)),
      read: (key, versionId) => call(() => store.read(key, versionId)),
      async *list(prefix, after) {
        yield* await call(() => Array.fromAsync(store.list(prefix, after)));
      },
      locate: (key) => store.locate(key),
    };
  }

  async #send({ raw }: Message, answer: SesAnswer): Promise<string> {
    const { subject = '', text = '' } = await PostalMime.parse(raw);
    const [day = ''] = /\d{4}-\d{2}-\d{2}/.exec(subject) ?? [];
    const refused = answer === 'refuses';
    const arrived = answer !== 'refuses' && answer !== 'is lost';
    const archived = this.manifests(day).map(({ charge }) => charge);
    this.sesCalls.push({ day, at: this.now, arrived, refused, text, archived });
    if (refused) throw new EmailRejectedError('Staged');
    if (answer !== 'takes') throw new EmailOutcomeUnknownError('Staged');
    return `message ${this.sesCalls.length}`;
  }
}
