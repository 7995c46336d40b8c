import { expect } from '@jest/globals';
import type { Answer } from '../../../../lambda/daily-report.ts';
import { BUCKET } from '../../../../local/cloud.ts';
import type { Invocation } from '../../../../local/lambda-process.ts';
import type { Morning } from '../../../support/morning.ts';
import { expectConsistentArchive } from '../../support/consistent-archive.ts';
import {
  ARCHIVE_KEYS,
  attachedBytes,
  CSV_KEY,
  EMAILS_PREFIX,
  metricsOf,
  requestCounts,
  secretsSeen,
} from '../../support/observations.ts';

type Report = Answer['reports'][number];

/** The outcome of a run, seen from outside: everything that a fault must not damage. */
export interface Outcome {
  /** The fault. */
  readonly what: string;
  /** The error's name; null if the run succeeded. */
  readonly error: string | null;
  readonly message: string;
  /** The only report's status and exact charge; null if the run failed. */
  readonly report: Pick<Report, 'status' | 'charge'> | null;
  /** Requests to SignalWire, as counted by the run's metrics. */
  readonly tries: number;
  readonly retries: number;
  /** Requests that arrived. */
  readonly calls: { readonly signalWire: number; readonly secretsManager: number; readonly ses: number };
  /** The keys of all versions written, in order; those of the day's delivery are one entry. */
  readonly stored: readonly string[];
  /** The mails that SES accepted, and whether the attached file is the one in the archive. */
  readonly mails: readonly { readonly subject: string; readonly attachesFile: boolean }[];
  /** Every secret that appears in output, error, objects, mails, or requests to other services. */
  readonly secrets: readonly string[];
}

/** Records the current state, and returns a function that gives the outcome of the next run. */
export function watch(
  morning: Morning,
  furtherSecrets: readonly string[] = [],
): (what: string, invocation: Invocation) => Promise<Outcome> {
  const { s3, ses } = morning.cloud;
  const counts = requestCounts(morning);
  const [writes, mails] = [s3.bucket(BUCKET).writes.length, ses.outbox.length];
  return async (what, invocation) => {
    const now = requestCounts(morning);
    const { ApiRequests, ApiRetries } = metricsOf(invocation);
    return {
      what,
      error: invocation.error?.name ?? null,
      message: invocation.error?.message ?? '',
      report: reportIn(invocation),
      tries: Number(ApiRequests),
      retries: Number(ApiRetries),
      calls: {
        signalWire: now.signalWire - counts.signalWire,
        secretsManager: now.secretsManager - counts.secretsManager,
        ses: now.ses - counts.ses,
      },
      stored: storedSince(morning, writes),
      mails: (await morning.mails()).slice(mails).map((mail) => ({
        subject: mail.subject ?? '',
        attachesFile: attachedBytes(mail).equals(s3.bucket(BUCKET).bytes(CSV_KEY)),
      })),
      secrets: await secretsSeen(morning, invocation, furtherSecrets),
    };
  };
}

function reportIn({ result }: Invocation): Outcome['report'] {
  const [report] = (result as Answer | undefined)?.reports ?? [];
  return report === undefined ? null : { status: report.status, charge: report.charge };
}

function storedSince({ cloud }: Morning, writes: number): string[] {
  const keys = cloud.s3.bucket(BUCKET).writes.slice(writes);
  const named = keys.map(({ key }) => (key.startsWith(EMAILS_PREFIX) ? EMAILS_PREFIX : key));
  return named.filter((key, index) => key !== EMAILS_PREFIX || named.indexOf(key) === index);
}

/** A run that has to fail. */
export interface Failing {
  readonly what: string;
  /** Name of the error. */
  readonly error: string;
  /** What its message says: what happened, and what to do. */
  readonly says: RegExp;
  /** Requests to SignalWire. */
  readonly tries: number;
  /** How many of them were first tries; the others are retries. @default 1 */
  readonly pages?: number;
  /** How many of them arrived. @default all */
  readonly arrived?: number;
  /** @default 1 */
  readonly secretReads?: number;
}

/** A failure that leaves nothing behind: no object, no mail, no call to SES, no secret. */
export function failure({ what, error, says, tries, pages = 1, ...more }: Failing): Outcome {
  const { arrived = tries, secretReads = 1 } = more;
  return {
    what,
    error,
    message: expect.stringMatching(says) as unknown as string,
    report: null,
    tries,
    retries: tries - pages,
    calls: { signalWire: arrived, secretsManager: secretReads, ses: 0 },
    stored: [],
    mails: [],
    secrets: [],
  };
}

/** A run that has to succeed in spite of everything. */
export interface Delivering {
  readonly what: string;
  /** Exact total. */
  readonly charge: string;
  /** As the subject shows it. @default the charge in dollars */
  readonly shown?: string;
  readonly tries: number;
  readonly pages?: number;
  readonly arrived?: number;
  readonly secretReads?: number;
}

/** A success: each file written once, one call to SES, one mail with the very file, no secret. */
export function delivery({ what, charge, tries, pages = 1, ...more }: Delivering): Outcome {
  const { shown = `$${charge}`, arrived = tries, secretReads = 1 } = more;
  return {
    what,
    error: null,
    message: '',
    report: { status: 'delivered', charge },
    tries,
    retries: tries - pages,
    calls: { signalWire: arrived, secretsManager: secretReads, ses: 1 },
    stored: [...ARCHIVE_KEYS, EMAILS_PREFIX],
    mails: [{ subject: `SignalWire video costs 2026-11-22: ${shown}`, attachesFile: true }],
    secrets: [],
  };
}

/** Without the fault, the same container delivers the day exactly, and once. */
export async function expectRecovery(morning: Morning, charge: string): Promise<void> {
  const { signalWire } = morning.cloud;
  signalWire.intercept = null;
  const outcomeOf = watch(morning);
  expect(await outcomeOf('recovery', await morning.invoke())).toEqual(
    delivery({ what: 'recovery', charge, tries: 1 }),
  );
  expectConsistentArchive(morning);
  expect(morning.cloud.ses.outbox).toHaveLength(1);
}
