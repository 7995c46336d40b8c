import { afterEach } from '@jest/globals';
import PostalMime, { type Email } from 'postal-mime';
import type { Answer } from '../../lambda/daily-report.ts';
import {
  API_TOKEN,
  BUCKET,
  type Cloud,
  type CloudOptions,
  PROJECT_ID,
  startCloud,
} from '../../local/cloud.ts';
import { type Invocation, type LambdaProcess, startLambdaProcess } from '../../local/lambda-process.ts';

/** The time at which the mornings of the tests begin, and their event. */
export const SIX_O_CLOCK = '2026-11-23T06:00:00Z';
export const SCHEDULED = { scheduledTime: SIX_O_CLOCK };

export interface MorningOptions extends CloudOptions {
  /** Environment variables, in addition to or instead of the usual ones; null removes one. */
  readonly environment?: Readonly<Record<string, string | null>>;
}

/** The synthesized bundle in a process of its own, and all services that it talks to. */
export interface Morning {
  readonly cloud: Cloud;
  /** Invokes the function; fails the test if the function fails. */
  run(event?: unknown): Promise<Answer>;
  /** Invokes the function and returns the outcome, whatever it is. */
  invoke(event?: unknown, options?: { readonly remainingMs?: number }): Promise<Invocation>;
  /**
   * Another container of the same function.
   *
   * @param clock for a time other than six o'clock
   * @param environment variables that have changed meanwhile
   */
  another(clock?: string, environment?: MorningOptions['environment']): Promise<LambdaProcess>;
  /** The archive's keys, in the order in which they were first written. */
  stored(): readonly string[];
  text(key: string): string;
  /** The mails that SES accepted, parsed. */
  mails(): Promise<Email[]>;
  /** Ends the morning before the test ends, for tests of many mornings. */
  end(): Promise<void>;
}

const openings: Pick<Morning, 'end'>[] = [];

afterEach(async () => {
  for (const morning of openings.splice(0)) await morning.end();
});

/** Opens a morning at six o'clock of 2026-11-23, UTC; it ends with the test. */
export async function openMorning(options: MorningOptions = {}): Promise<Morning> {
  const assetDir = process.env['BUNDLE_UNDER_TEST'];
  if (assetDir === undefined)
    throw new Error('No bundle: run the tests with the project’s jest configuration');
  const clock = options.clock ?? SIX_O_CLOCK;
  const cloud = await startCloud({ ...options, clock });
  const processes: LambdaProcess[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(processes.map((process) => process.kill()));
    await cloud.close();
  };
  openings.push({ end });
  const another: Morning['another'] = async (at = clock, changed = {}) => {
    const environment = cloud.environment({ ...options.environment, ...changed });
    const lambda = await startLambdaProcess({ assetDir, environment, clock: at });
    processes.push(lambda);
    return lambda;
  };
  const first = await another();
  return {
    cloud,
    another,
    end,
    invoke: (event = SCHEDULED, invokeOptions = {}) => first.invoke(event, invokeOptions),
    async run(event = SCHEDULED) {
      const { result, error } = await first.invoke(event);
      if (error !== undefined) throw new Error(`The function failed: ${error.name}: ${error.message}`);
      return result as Answer;
    },
    stored: () => cloud.s3.bucket(BUCKET).keys(),
    text: (key) => cloud.s3.bucket(BUCKET).text(key),
    mails: () => Promise.all(cloud.ses.outbox.map(({ raw }) => PostalMime.parse(raw))),
  };
}

/** Everything that must never appear outside the requests to SignalWire. */
export const SECRETS: readonly string[] = [
  API_TOKEN,
  Buffer.from(`${PROJECT_ID}:${API_TOKEN}`).toString('base64'),
];
