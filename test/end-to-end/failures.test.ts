import { describe, expect, test } from '@jest/globals';
import { BUCKET } from '../../local/cloud.ts';
import type { AfterHandling, Intercept } from '../../local/loopback-server.ts';
import type { SesRefusal } from '../../local/ses-refusal.ts';
import { sessionLog } from '../support/logs.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import { expectConsistentArchive } from './support/consistent-archive.ts';
import { cut, onWriting, refuseAsS3, reply, replyJson, stall, times } from './support/faults.ts';
import {
  ARCHIVE_KEYS,
  CSV_KEY,
  DAY,
  EMAILS_PREFIX,
  expectNoSecrets,
  failureOf,
  invokeAt,
  LINES_KEY,
  MANIFEST_KEY,
  manifestOf,
  NO_TRACES,
  only,
  reportOf,
  requestCounts,
  statusOf,
  textOf,
  traces,
  visibleHtml,
} from './support/observations.ts';

const LOGS = [sessionLog(1, { charge: '1.25' })];

/** Long enough after the claim at six o'clock that its outcome counts as unknown. */
const AFTER_20_MINUTES = '2026-11-23T06:21:00Z';
const AFTER_40_MINUTES = '2026-11-23T06:42:00Z';

/** The most time one call to SES may take, 8 s, plus a generous allowance for a busy machine. */
const SES_TIMEOUT_MS = 10_000 + 1500;

test('if SES never answers, the run ends in time, and it is unknown whether SES accepted the mail', async () => {
  const morning = await openMorning({ logs: LOGS });
  let askedAt = 0;
  morning.cloud.ses.intercept = () => {
    askedAt = performance.now();
    return true;
  };

  await failureOf(morning, await morning.invoke(), 'EmailOutcomeUnknownError');
  const waitedMs = performance.now() - askedAt;
  expect(waitedMs).toBeLessThan(SES_TIMEOUT_MS);
  expectArchive(morning);
  expect(traces(morning)).toMatchObject({ sesCalls: 1, mails: 0 });
});

describe('if S3 refuses, the run fails with an ArchiveError, and SES is never called', () => {
  test.each<[string, Intercept, readonly string[]]>([
    ['everything', refuseAsS3(403, 'AccessDenied'), []],
    ['everything, with an error of its own', refuseAsS3(500, 'InternalError'), []],
    ['the file', onWriting(CSV_KEY, refuseAsS3(403, 'AccessDenied')), []],
    ['the file, as one of many writers, for ever', onWriting(CSV_KEY, conflict()), []],
    ['the line items', onWriting(LINES_KEY, refuseAsS3(403, 'AccessDenied')), [CSV_KEY]],
    ['the manifest', onWriting(MANIFEST_KEY, refuseAsS3(403, 'AccessDenied')), [CSV_KEY, LINES_KEY]],
    [
      'the manifest, as one of many writers, for ever',
      onWriting(MANIFEST_KEY, conflict()),
      [CSV_KEY, LINES_KEY],
    ],
    ['the claim', onWriting(EMAILS_PREFIX, refuseAsS3(403, 'AccessDenied')), ARCHIVE_KEYS],
  ])('%s: the next run makes up for it', async (_what, fault, stored) => {
    const morning = await openMorning({ logs: LOGS });
    morning.cloud.s3.intercept = fault;

    const message = await failureOf(morning, await morning.invoke(), 'ArchiveError');
    expect(message).toContain(`s3://${BUCKET}/`);
    expect(traces(morning)).toEqual({ stored, sesCalls: 0, mails: 0 });

    morning.cloud.s3.intercept = null;
    expect(await reportOf(morning)).toMatchObject({ status: 'delivered', charge: '1.25' });
    expectArchive(morning);
    expect(traces(morning)).toMatchObject({ sesCalls: 1, mails: 1 });
  });

  test('no answer at all: the run reports that before its time is over', async () => {
    const morning = await openMorning({ logs: LOGS });
    await morning.run({ day: DAY, email: false });
    morning.cloud.s3.intercept = stall;

    const events = [{ day: DAY }, { day: DAY, resend: 'wanted' }, { day: '2026-11-21' }];
    for (const event of events) {
      const invocation = await morning.invoke(event, { remainingMs: 2500 });
      expect(await failureOf(morning, invocation, 'ArchiveError')).toMatch(
        new RegExp(
          `^S3 did not answer in time when asked to (list|read) s3://${BUCKET}/.*The next run tries again`,
        ),
      );
    }
    expect(traces(morning)).toMatchObject({ sesCalls: 0, mails: 0 });
  });

  test('a bucket that does not exist', async () => {
    const morning = await openMorning({ logs: LOGS, environment: { ARCHIVE_BUCKET: 'no-such-bucket' } });

    const message = await failureOf(morning, await morning.invoke(), 'ArchiveError');
    expect(message).toContain('no-such-bucket');
    expect(traces(morning)).toEqual(NO_TRACES);
  });

  function conflict(): Intercept & AfterHandling {
    return refuseAsS3(409, 'ConditionalRequestConflict');
  }
});

describe('if S3 stumbles, the run goes on, with one mail', () => {
  test.each<[string, (morning: Morning, key: string) => void]>([
    [
      'three conflicts',
      ({ cloud }, key) => {
        cloud.s3.intercept = onWriting(key, times(3, refuseAsS3(409, 'ConditionalRequestConflict')));
      },
    ],
    [
      'a reply that is lost after the write took effect',
      ({ cloud }, key) => {
        cloud.s3.afterHandling = onWriting(key, times(1, cut));
      },
    ],
  ])('%s, at each of its writes', async (_what, arrange) => {
    const mornings = await Promise.all(
      [...ARCHIVE_KEYS, 'claim', 'message', 'receipt'].map(async (key) => {
        const morning = await openMorning({ logs: LOGS });
        arrange(morning, key);
        expect(statusOf(await morning.invoke())).toBe('delivered');
        expectDelivered(morning);
        return morning;
      }),
    );

    for (const morning of mornings) {
      expect(statusOf(await morning.invoke())).toBe('already-delivered');
      expectDelivered(morning);
    }
  });
});

describe('if SES refuses, the archive remains, and the next run mails from it', () => {
  test.each<[SesRefusal]>([
    [{ code: 'MessageRejected', message: 'Email address is not verified.' }],
    [{ code: 'MailFromDomainNotVerifiedException', message: 'The MAIL FROM domain is not verified.' }],
    [{ code: 'AccountSendingPausedException', message: 'Sending is paused.' }],
    [{ code: 'Throttling', message: 'Maximum sending rate exceeded.' }],
    [{ code: 'Throttling', message: 'Daily message quota exceeded.' }],
    [{ code: 'InvalidParameterValue', message: 'Message length is more than 10485760 bytes long.' }],
    [{ code: 'AccessDenied', message: 'User is not authorized.', status: 403 }],
  ])('$code: $message', async (refusal) => {
    const morning = await openMorning({ logs: LOGS });
    morning.cloud.ses.refuseWith = refusal;

    const message = await failureOf(morning, await morning.invoke(), 'EmailRejectedError');
    expect(message).toContain(refusal.message);
    expectArchive(morning);
    expect(traces(morning)).toMatchObject({ sesCalls: 1, mails: 0 });

    morning.cloud.ses.refuseWith = null;
    expect(await reportOf(morning)).toMatchObject({ status: 'delivered', charge: '1.25' });
    expect(requestCounts(morning)).toMatchObject({ signalWire: 1, ses: 2 });
    expect(textOf(only(await morning.mails()))).not.toMatch(/possible repeat/i);

    expect(statusOf(await morning.invoke())).toBe('already-delivered');
    expect(requestCounts(morning)).toMatchObject({ signalWire: 1, ses: 2 });
  });

  test('a configuration set that does not exist, again and again', async () => {
    const environment = { SES_CONFIGURATION_SET: 'not-there' };
    const morning = await openMorning({ logs: LOGS, environment });

    for (const sesCalls of [1, 2, 3]) {
      const message = await failureOf(morning, await morning.invoke(), 'EmailRejectedError');
      expect(message).toContain('not-there');
      expect(traces(morning)).toMatchObject({ sesCalls, mails: 0 });
    }
    expectArchive(morning);
    expect(requestCounts(morning).signalWire).toBe(1);
  });
});

describe('if the outcome of the mail can’t be recorded', () => {
  test('and SES accepted it, the failure names the message, and one repeat follows', async () => {
    const morning = await openMorning({ logs: LOGS });
    morning.cloud.s3.intercept = onWriting('receipt', refuseAsS3(403, 'AccessDenied'));

    const message = await failureOf(morning, await morning.invoke(), 'EmailOutcomeUnknownError');
    expect(message).toContain(only(morning.cloud.ses.outbox).messageId);
    expect(message).toMatch(/could not be recorded.*AccessDenied/);

    morning.cloud.s3.intercept = null;
    expect(statusOf(await morning.invoke())).toBe('delivery-in-progress');
    expect(statusOf(await invokeAt(morning, AFTER_20_MINUTES))).toBe('delivered');
    expect(await possibleRepeats(morning)).toEqual([false, true]);
    expect(statusOf(await invokeAt(morning, AFTER_40_MINUTES))).toBe('already-delivered');
    expectArchive(morning);
  });

  test('and SES refused it, the failure says both, and the mail counts as being sent', async () => {
    const morning = await openMorning({ logs: LOGS });
    morning.cloud.ses.refuseWith = { code: 'MessageRejected', message: 'Email address is not verified.' };
    morning.cloud.s3.intercept = onWriting('refusal', refuseAsS3(403, 'AccessDenied'));

    const message = await failureOf(morning, await morning.invoke(), 'EmailRejectedError');
    expect(message).toMatch(/Email address is not verified.*could not be recorded either.*AccessDenied/);

    morning.cloud.s3.intercept = null;
    morning.cloud.ses.refuseWith = null;
    expect(statusOf(await morning.invoke())).toBe('delivery-in-progress');
    expect(statusOf(await invokeAt(morning, AFTER_20_MINUTES))).toBe('delivered');
    expect(traces(morning)).toMatchObject({ sesCalls: 2, mails: 1 });
    expectArchive(morning);
  });
});

describe('if it is unknown whether SES accepted the mail', () => {
  const xml = { 'content-type': 'text/xml' };

  test.each<[string, AfterHandling]>([
    ['the connection is cut', cut],
    ['there is no message id', reply(200, '<SendRawEmailResponse/>', xml)],
    ['the message id is empty', reply(200, withId(''), xml)],
    ['the answer is no XML', reply(200, 'OK', { 'content-type': 'text/plain' })],
    ['the service fails', reply(503, '', xml)],
  ])('(%s), the archive remains, and nothing is sent again at once', async (_how, fault) => {
    const morning = await openMorning({ logs: LOGS });
    morning.cloud.ses.afterHandling = fault;
    await failureOf(morning, await morning.invoke(), 'EmailOutcomeUnknownError');
    morning.cloud.ses.afterHandling = null;

    expect(statusOf(await morning.invoke())).toBe('delivery-in-progress');
    expectArchive(morning);
    expect(traces(morning)).toMatchObject({ sesCalls: 1, mails: 1 });
  });

  test('once, one repeat follows after 20 minutes, marked as such', async () => {
    const morning = await openMorning({ logs: LOGS });
    morning.cloud.ses.afterHandling = cut;
    await failureOf(morning, await morning.invoke(), 'EmailOutcomeUnknownError');
    expectArchive(morning);
    expect(traces(morning)).toMatchObject({ sesCalls: 1, mails: 1 });

    morning.cloud.ses.afterHandling = null;
    expect(statusOf(await morning.invoke())).toBe('delivery-in-progress');
    expect(statusOf(await invokeAt(morning, '2026-11-23T06:19:00Z'))).toBe('delivery-in-progress');
    expect(traces(morning)).toMatchObject({ sesCalls: 1 });

    expect(statusOf(await invokeAt(morning, AFTER_20_MINUTES))).toBe('delivered');
    const [first, repeat, ...others] = await morning.mails();
    if (first === undefined || repeat === undefined) throw new Error('Expected two mails');
    expect(others).toEqual([]);
    expect(textOf(first)).not.toMatch(/possible repeat/i);
    expect(textOf(repeat)).toMatch(/possible repeat/i);
    expect(visibleHtml(repeat)).toMatch(/possible repeat/i);
    expect(repeat.subject).toBe(first.subject);

    expect(statusOf(await invokeAt(morning, AFTER_40_MINUTES))).toBe('already-delivered');
    expect(requestCounts(morning)).toMatchObject({ signalWire: 1, ses: 2 });
  });

  test('twice, there is no third mail, however much later', async () => {
    const morning = await openMorning({ logs: LOGS });
    morning.cloud.ses.afterHandling = cut;
    await failureOf(morning, await morning.invoke(), 'EmailOutcomeUnknownError');
    const repeat = await invokeAt(morning, AFTER_20_MINUTES);
    await failureOf(morning, repeat, 'EmailOutcomeUnknownError');
    expect(traces(morning)).toMatchObject({ sesCalls: 2, mails: 2 });

    morning.cloud.ses.afterHandling = null;
    expect(statusOf(await invokeAt(morning, AFTER_20_MINUTES))).toBe('delivery-in-progress');
    for (const clock of [AFTER_40_MINUTES, '2026-11-24T06:00:00Z']) {
      const later = await invokeAt(morning, clock, { day: DAY });
      const message = await failureOf(morning, later, 'EmailOutcomeUnknownError');
      expect(message).toContain('resend');
    }
    expect(traces(morning)).toMatchObject({ sesCalls: 2, mails: 2 });
  });

  test('and the repeat is definitely refused, it may be tried again', async () => {
    const morning = await openMorning({ logs: LOGS });
    morning.cloud.ses.afterHandling = times(1, cut);
    await failureOf(morning, await morning.invoke(), 'EmailOutcomeUnknownError');
    morning.cloud.ses.refuseWith = { code: 'Throttling', message: 'Maximum sending rate exceeded.' };
    await failureOf(morning, await invokeAt(morning, AFTER_20_MINUTES), 'EmailRejectedError');

    morning.cloud.ses.refuseWith = null;
    expect(statusOf(await invokeAt(morning, AFTER_20_MINUTES))).toBe('delivered');
    expect(await possibleRepeats(morning)).toEqual([false, true]);
  });

  test('because the run died while SES had it, one repeat follows after 20 minutes', async () => {
    const morning = await openMorning({ logs: LOGS });
    const { promise: taken, resolve } = Promise.withResolvers<null>();
    morning.cloud.ses.afterHandling = () => {
      resolve(null);
      return true;
    };
    const dying = await morning.another();
    const death = dying.invoke({});
    await taken;
    await dying.kill();
    expect(await death).toMatchObject({ error: { name: 'Runtime.ExitError' } });

    morning.cloud.ses.afterHandling = null;
    expect(statusOf(await morning.invoke())).toBe('delivery-in-progress');
    expect(statusOf(await invokeAt(morning, AFTER_20_MINUTES))).toBe('delivered');
    expect(await possibleRepeats(morning)).toEqual([false, true]);
  });

  function withId(id: string): string {
    const result = `<SendRawEmailResult><MessageId>${id}</MessageId></SendRawEmailResult>`;
    return `<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/">${result}</SendRawEmailResponse>`;
  }
});

test('a delivery with trouble shows no secret either', async () => {
  const morning = await openMorning({ logs: LOGS });
  morning.cloud.signalWire.intercept = times(1, replyJson(500, { error: 'Internal Server Error' }));
  morning.cloud.s3.afterHandling = onWriting(CSV_KEY, times(1, cut));

  const invocation = await morning.invoke();
  expect(statusOf(invocation)).toBe('delivered');
  await expectNoSecrets(morning, invocation);
});

/** For each mail, whether it says that an earlier one may have arrived. */
async function possibleRepeats(morning: Morning): Promise<boolean[]> {
  const mails = await morning.mails();
  return mails.map((mail) => /possible repeat/i.test(textOf(mail)));
}

/** The files and their manifest are in the archive, once. */
function expectArchive(morning: Morning): void {
  const bucket = morning.cloud.s3.bucket(BUCKET);
  expect(ARCHIVE_KEYS.map((key) => bucket.versions(key).length)).toEqual([1, 1, 1]);
  expect(manifestOf(morning)).toMatchObject({
    charge: '1.25',
    files: [CSV_KEY, LINES_KEY].map((key) => ({ key, versionId: bucket.get(key).versionId })),
  });
  expectConsistentArchive(morning);
}

function expectDelivered(morning: Morning): void {
  expectArchive(morning);
  expect(traces(morning)).toMatchObject({ sesCalls: 1, mails: 1 });
}
