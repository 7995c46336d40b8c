import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { BUCKET } from '../../local/cloud.ts';
import { sessionLog } from '../support/logs.ts';
import { type Morning, openMorning, SCHEDULED } from '../support/morning.ts';
import { expectConsistentArchive } from './support/consistent-archive.ts';
import { onWriting } from './support/faults.ts';
import {
  ARCHIVE_KEYS,
  DAY,
  EMAILS_PREFIX,
  failureOf,
  isWrite,
  MANIFEST_KEY,
  NO_TRACES,
  only,
  reportOf,
  requestCounts,
  statusOf,
  textOf,
  traces,
  visibleHtml,
  WAIVER_KEY,
} from './support/observations.ts';

const LOGS = [
  sessionLog(1, { charge: '1.25' }),
  sessionLog(2, { room: 'retro', charge: '0.75', endedAt: '2026-11-22T13:00:00Z' }),
];
const FIGURES = { day: DAY, revision: 1, rooms: 2, sessions: 2, charge: '2.00', currency: 'USD' };

describe('a day that is delivered', () => {
  test.each([
    ['the same event', SCHEDULED],
    ['the Test button', {}],
    ['its day', { day: DAY }],
  ])('is neither mailed again nor read by %s', async (_what, event) => {
    const morning = await openMorning({ logs: LOGS });
    const first = await reportOf(morning);
    morning.cloud.signalWire.logs = [...LOGS, sessionLog('late', { charge: '100' })];
    const before = { ...requestCounts(morning), writes: writes(morning) };

    expect(await morning.run(event)).toEqual({
      reports: [{ ...FIGURES, status: 'already-delivered', messageId: first.messageId }],
      restated: [],
    });
    const { signalWire, ses, secretsManager } = before;
    expect(requestCounts(morning)).toMatchObject({ signalWire, ses, secretsManager });
    expect(writes(morning)).toBe(before.writes);
    expect(morning.cloud.ses.outbox).toHaveLength(1);
  });

  test('is not mailed again by another container', async () => {
    const morning = await openMorning({ logs: LOGS });
    await morning.run();
    const container = await morning.another('2026-11-24T06:00:00Z');

    expect(statusOf(await container.invoke({ day: DAY }))).toBe('already-delivered');
    expect(requestCounts(morning)).toMatchObject({ signalWire: 1, ses: 1 });
  });
});

describe('several containers at once', () => {
  test.each([[2], [4]])('(%i) send one mail, and all report the same archive', async (count) => {
    const morning = await openMorning({ logs: LOGS });
    const containers = await Promise.all(Array.from({ length: count }, () => morning.another()));

    const invocations = await Promise.all(containers.map((container) => container.invoke(SCHEDULED)));
    const statuses = invocations.map(statusOf);
    expect(statuses.filter((status) => status === 'delivered')).toHaveLength(1);
    expect(
      statuses.filter((status) => !/^(?:delivered|already-delivered|delivery-in-progress)$/.test(status)),
    ).toEqual([]);
    expect(traces(morning)).toMatchObject({ sesCalls: 1, mails: 1 });

    expect(morning.cloud.s3.bucket(BUCKET).versions(MANIFEST_KEY)).toHaveLength(1);
    expectConsistentArchive(morning);
    expect(await reportOf(morning)).toMatchObject({ ...FIGURES, status: 'already-delivered' });
  });

  test('know of each other: while SES has the mail, a second run reports it as in progress', async () => {
    const morning = await openMorning({ logs: LOGS });
    const arrived = Promise.withResolvers<null>();
    const goOn = Promise.withResolvers<null>();
    morning.cloud.ses.intercept = async () => {
      arrived.resolve(null);
      await goOn.promise;
      return false;
    };
    const sending = morning.invoke();
    await arrived.promise;
    const container = await morning.another();

    expect(statusOf(await container.invoke(SCHEDULED))).toBe('delivery-in-progress');
    goOn.resolve(null);
    expect(statusOf(await sending)).toBe('delivered');
    expect(traces(morning)).toMatchObject({ sesCalls: 1, mails: 1 });
  });
});

describe('a day that is archived without a mail', () => {
  test('is mailed from the archive by its own event, without the API', async () => {
    const morning = await openMorning({ logs: LOGS });
    expect(await morning.run({ day: DAY, email: false })).toEqual({
      reports: [{ ...FIGURES, status: 'archived' }],
      restated: [],
    });
    expect(traces(morning)).toEqual({ stored: [...ARCHIVE_KEYS, WAIVER_KEY], sesCalls: 0, mails: 0 });
    expect(morning.text(WAIVER_KEY)).toBe('{}\n');
    morning.cloud.signalWire.logs = [];

    expect(await reportOf(morning, { day: DAY })).toMatchObject({ ...FIGURES, status: 'delivered' });
    expect(requestCounts(morning)).toMatchObject({ signalWire: 1, secretsManager: 1, ses: 1 });
    expect(only(await morning.mails()).subject).toBe('SignalWire video costs 2026-11-22: $2.00');
  });

  test('is left unchanged by the same event', async () => {
    const morning = await openMorning({ logs: LOGS });
    await morning.run({ day: DAY, email: false });
    const { writes: versions } = morning.cloud.s3.bucket(BUCKET);
    const before = [...versions];

    expect(await reportOf(morning, { day: DAY, email: false })).toEqual({ ...FIGURES, status: 'archived' });
    expect(versions).toEqual(before);
    expect(requestCounts(morning)).toMatchObject({ signalWire: 1, ses: 0 });
  });
});

describe('a resend', () => {
  test('mails the archived report again, with the reason and without the API', async () => {
    const morning = await openMorning({ logs: LOGS });
    const { messageId } = await reportOf(morning);
    morning.cloud.signalWire.logs = [];

    const report = await reportOf(morning, { day: DAY, resend: 'Lost <b>& found</b>, "again"' });
    expect(report).toMatchObject({ ...FIGURES, status: 'delivered' });
    expect(report.messageId).not.toBe(messageId);
    expect(requestCounts(morning)).toMatchObject({ signalWire: 1, secretsManager: 1, ses: 2 });

    const [first, second] = await morning.mails();
    if (first === undefined || second === undefined) throw new Error('Expected two mails');
    expect(second.subject).toBe(first.subject);
    expect(second.attachments).toEqual(first.attachments);
    expect(textOf(first)).not.toContain('Lost');
    expect(textOf(second)).toContain('Lost <b>& found</b>, "again"');
    expect(visibleHtml(second)).toContain('Lost <b>& found</b>, "again"');
    expect(second.html).not.toContain('<b>&');
  });

  test('may be requested more than once', async () => {
    const morning = await openMorning({ logs: LOGS });
    await morning.run();
    await morning.run({ day: DAY, resend: 'first' });
    await morning.run({ day: DAY, resend: 'x'.repeat(500) });

    expect(traces(morning)).toMatchObject({ sesCalls: 3, mails: 3 });
    expect(await reportOf(morning)).toMatchObject({ status: 'already-delivered' });
  });

  test('of a day that was never mailed sends a mail', async () => {
    const morning = await openMorning({ logs: LOGS });
    await morning.run({ day: DAY, email: false });

    expect(await reportOf(morning, { day: DAY, resend: 'wanted' })).toMatchObject({ status: 'delivered' });
    expect(requestCounts(morning)).toMatchObject({ signalWire: 1, ses: 1 });
  });

  test.each([
    ['its day', { day: DAY }],
    ['its day, without mail', { day: DAY, email: false }],
    ['the scheduled run', SCHEDULED],
  ])('settles the day: %s mails nothing more', async (_what, event) => {
    const morning = await openMorning({ logs: LOGS });
    await morning.run({ day: DAY, email: false });
    const { messageId } = await reportOf(morning, { day: DAY, resend: 'wanted' });

    expect(await reportOf(morning, event)).toEqual({ ...FIGURES, status: 'already-delivered', messageId });
    expect(traces(morning)).toMatchObject({ sesCalls: 1, mails: 1 });
  });

  test('that is refused settles nothing', async () => {
    const morning = await openMorning({ logs: LOGS });
    await morning.run({ day: DAY, email: false });
    morning.cloud.ses.refuseWith = { code: 'MessageRejected', message: 'Email address is not verified.' };
    const invocation = await morning.invoke({ day: DAY, resend: 'wanted' });
    await failureOf(morning, invocation, 'EmailRejectedError');

    morning.cloud.ses.refuseWith = null;
    expect(await reportOf(morning, { day: DAY })).toMatchObject({ status: 'delivered' });
    expect(traces(morning)).toMatchObject({ sesCalls: 2, mails: 1 });
  });

  test('of a day that is not archived fails', async () => {
    const morning = await openMorning({ logs: LOGS });

    const invocation = await morning.invoke({ day: DAY, resend: 'never arrived' });
    const message = await failureOf(morning, invocation, 'ArchiveError');
    expect(message).toContain(`{"day":"${DAY}"}`);
    expect(requestCounts(morning)).toMatchObject({ signalWire: 0, ses: 0 });
    expect(traces(morning)).toEqual(NO_TRACES);
  });
});

describe('too little time', () => {
  test.each([[2400], [12_000]])(
    'to read, %i ms: nothing is begun, and the next run does it all',
    async (remainingMs) => {
      const morning = await openMorning({ logs: LOGS });

      const invocation = await morning.invoke(undefined, { remainingMs });
      expect(await failureOf(morning, invocation, 'OutOfTimeError')).toMatch(
        /^\d+ s are left, too little for another page from SignalWire \(16 s\)\. Nothing was stored or mailed for the day\./,
      );
      expect(traces(morning)).toEqual(NO_TRACES);
      expect(requestCounts(morning).signalWire).toBe(0);
      expect(await reportOf(morning)).toMatchObject({ ...FIGURES, status: 'delivered' });
    },
  );

  test.each([[300], [1900]])('to begin, %i ms: no service is called', async (remainingMs) => {
    const morning = await openMorning({ logs: LOGS });

    const invocation = await morning.invoke(undefined, { remainingMs });
    expect(await failureOf(morning, invocation, 'OutOfTimeError')).toMatch(
      /^[012] s are left, too little for the run \(2 s\)\. Nothing was begun; the next run tries again\. .* check the function's time-out/,
    );
    expect(traces(morning)).toEqual(NO_TRACES);
    expect(requestCounts(morning)).toEqual({ signalWire: 0, s3: 0, ses: 0, secretsManager: 0 });
  });

  test('only for the mail: no claim is left, and the next run mails', async () => {
    const morning = await openMorning({ logs: LOGS });
    await morning.run({ day: DAY, email: false });

    const events = [
      [{ day: DAY }, 'The archive is complete; the next run for the day sends the mail from it.'],
      [{ day: DAY, resend: 'wanted' }, 'The archive is complete. Request the mail again once that is fixed;'],
    ] as const;
    for (const [event, advice] of events) {
      const invocation = await morning.invoke(event, { remainingMs: 5000 });
      const message = await failureOf(morning, invocation, 'OutOfTimeError');
      expect(message).toMatch(/^[45] s are left, too little for the mail \(12\.5 s\)\. /);
      expect(message).toContain(advice);
    }
    expect(morning.stored().filter((key) => key.startsWith(EMAILS_PREFIX))).toEqual([WAIVER_KEY]);
    expect(await reportOf(morning, { day: DAY })).toMatchObject({ status: 'delivered' });
    expect(traces(morning)).toMatchObject({ sesCalls: 1, mails: 1 });
  });

  test('for SES, because S3 was slow to store the claim: SES is not called, and the next run may mail at once', async () => {
    const morning = await openMorning({ logs: LOGS });
    await morning.run({ day: DAY, email: false });
    morning.cloud.s3.intercept = onWriting('claim-1', async () => {
      await sleep(2600);
      return false;
    });

    const invocation = await morning.invoke({ day: DAY }, { remainingMs: 13_000 });
    expect(await failureOf(morning, invocation, 'OutOfTimeError')).toMatch(
      /^10 s are left, too little for the call to SES \(10\.5 s\)\. The archive is complete; the next run for the day sends the mail from it\./,
    );
    expect(traces(morning)).toMatchObject({ sesCalls: 0, mails: 0 });

    const mail = await reportOf(morning, { day: DAY });
    expect(mail).toMatchObject({ status: 'delivered' });
    expect(textOf(only(await morning.mails()))).not.toMatch(/possible repeat/i);
  });
});

test('an archive that was tampered with is not mailed', async () => {
  const morning = await openMorning({ logs: LOGS });
  await morning.run({ day: DAY, email: false });
  const bucket = morning.cloud.s3.bucket(BUCKET);
  const manifest = morning.text(MANIFEST_KEY).replace(/"sha256":"\w+"/, `"sha256":"${'0'.repeat(64)}"`);
  bucket.put(MANIFEST_KEY, { bytes: Buffer.from(manifest), headers: {} });

  await failureOf(morning, await morning.invoke({ day: DAY }), 'ArchiveError');
  expect(traces(morning)).toMatchObject({ sesCalls: 0, mails: 0 });
});

/** How many times the archive was written to. */
function writes({ cloud }: Morning): number {
  return cloud.s3.requests.filter(isWrite).length;
}
