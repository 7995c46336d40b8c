import { describe, expect, test } from '@jest/globals';
import { BUCKET } from '../../local/cloud.ts';
import type { Invocation } from '../../local/lambda-process.ts';
import type { Intercept } from '../../local/loopback-server.ts';
import { sessionLog } from '../support/logs.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import { expectConsistentArchive } from './support/consistent-archive.ts';
import { onReading, onWriting, refuseAsS3, reply, replyJson, servePage } from './support/faults.ts';
import {
  answerOf,
  datesAsked,
  factsInText,
  failureOf,
  invokeAt,
  lineItemsKey,
  logLines,
  mailOf,
  manifestKey,
  manifestOf,
  metricsOf,
  only,
  restatedDays,
  roomChargesKey,
  statusOf,
  textOf,
  traces,
  visibleHtml,
} from './support/observations.ts';

const YESTERDAY = '2026-11-23';
const CLOCK = '2026-11-24T06:00:00Z';
const MORNING_AFTER = '2026-11-25T06:00:00Z';
const EARLIER = ['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22'] as const;
const [NINETEENTH, TWENTIETH, TWENTY_FIRST, TWENTY_SECOND] = EARLIER;

const unprocessable = replyJson(422, { errors: [{ code: 'invalid_date', message: 'Staged' }] });

/** Refuses requests for these dates. */
function unreadable(...dates: readonly string[]): Intercept {
  return (request, response) =>
    dates.some((date) => onReading(date, unprocessable)(request, response) === true);
}

/** A morning with earlier days in the archive, for each of which a charge has come late. */
async function morningAfter(days: readonly string[]): Promise<Morning> {
  const first = (day: string): ReturnType<typeof sessionLog> =>
    sessionLog(day, { createdAt: `${day}T12:00:00Z`, charge: '1' });
  const morning = await openMorning({ clock: CLOCK, logs: days.map(first) });
  for (const day of days) await morning.run({ day, email: false });
  morning.cloud.signalWire.logs = [...days, YESTERDAY].flatMap((day) => [
    first(day),
    sessionLog(`late ${day}`, { createdAt: `${day}T13:00:00Z`, charge: '0.5' }),
  ]);
  morning.cloud.signalWire.requests.length = 0;
  return morning;
}

function restated(day: string): string {
  return `${day} $1.00 $1.50 +$0.50 1 late charge`;
}

function failed(day: string, name: string): string {
  return (
    `${day} could not be read again for late charges (${name}). Its archived figures stand, and tomorrow's run ` +
    "tries again; look into the function's log for the reason."
  );
}

function skipped(...days: readonly string[]): string {
  return (
    `Not read again for late charges after two failures: ${days.join(', ')}. Their archived figures stand, and ` +
    "tomorrow's run tries again; look into the function's log for the reason."
  );
}

/** Yesterday was delivered; its manifest and mail have exactly these notices, and its mail exactly these restatements. */
async function expectToldYesterday(
  morning: Morning,
  notices: readonly string[],
  restatements: readonly string[] = [],
): Promise<void> {
  expect(manifestOf(morning, YESTERDAY)).toMatchObject({ charge: '1.50', revision: 1, notices });
  const mail = only(await morning.mails());
  const mark = notices.length + restatements.length > 0 ? '[check] ' : '';
  expect(mail.subject).toBe(`${mark}SignalWire video costs ${YESTERDAY}: $1.50`);
  expect(restatedDays(mail)).toEqual(restatements);
  const remarks = textOf(mail)
    .split('\n')
    .filter((line) => line.startsWith('! '));
  expect(remarks).toEqual(notices.map((notice) => `! ${notice}`));
  expect(factsInText(mail).filter((fact) => !visibleHtml(mail).includes(fact))).toEqual([]);
  expectConsistentArchive(morning);
}

function revisions(morning: Morning, days: readonly string[]): number[] {
  return days.map((day) => manifestOf(morning, day).revision);
}

describe('one day that can’t be read again', () => {
  const DAYS = [TWENTIETH, TWENTY_FIRST, TWENTY_SECOND];

  test('keeps neither yesterday nor the other days waiting, and is reported', async () => {
    const faults: readonly (readonly [Intercept, name: string, retries: number])[] = [
      [replyJson(500, { error: 'Internal Server Error' }), 'SignalWireUnavailableError', 4],
      [unprocessable, 'SignalWireRejectedError', 0],
      [servePage([sessionLog(1, { charge: '"free"' })], null), 'SignalWireInvalidResponseError', 0],
      [servePage([sessionLog(1, { createdAt: CLOCK })], null), 'SignalWireInvalidResponseError', 0],
    ];
    await Promise.all(
      faults.map(async ([fault, name, retries]) => {
        const morning = await morningAfter(DAYS);
        morning.cloud.signalWire.intercept = onReading(TWENTY_FIRST, fault);
        const invocation = await morning.invoke({});

        expect(answerOf(invocation)).toMatchObject({
          reports: [{ day: YESTERDAY, status: 'delivered', charge: '1.50' }],
          restated: [{ day: TWENTIETH }, { day: TWENTY_SECOND }],
        });
        await expectToldYesterday(
          morning,
          [failed(TWENTY_FIRST, name)],
          [restated(TWENTIETH), restated(TWENTY_SECOND)],
        );
        expect(revisions(morning, DAYS)).toEqual([2, 1, 2]);
        expect(metricsOf(invocation)).toEqual({
          ...{ YesterdayDelivered: 1, ReportDelivered: 1, Charge: 1.5, Sessions: 2, Rooms: 1 },
          ...{ Restatements: 2, RestatementFailures: 1, ApiRequests: 4 + retries, ApiRetries: retries },
        });
        expect(only(logLines(invocation, 'ERROR'))).toMatchObject({
          message: expect.stringContaining(TWENTY_FIRST),
          error: { name, message: expect.stringContaining('SignalWire') },
        });
      }),
    );
  });

  test('is read again the next morning', async () => {
    const morning = await morningAfter(DAYS);
    morning.cloud.signalWire.intercept = unreadable(TWENTY_FIRST);
    await morning.run({});
    morning.cloud.signalWire.intercept = null;

    expect(answerOf(await invokeAt(morning, MORNING_AFTER)).restated).toEqual([
      { day: TWENTY_FIRST, revision: 2, before: '1.00', after: '1.50' },
    ]);
    expect(restatedDays(await mailOf(morning, '2026-11-24'))).toEqual([restated(TWENTY_FIRST)]);
    expectConsistentArchive(morning);
  });

  test.each([
    ['its files', roomChargesKey(TWENTY_FIRST)],
    ['its line items', lineItemsKey(TWENTY_FIRST)],
    ['its manifest', manifestKey(TWENTY_FIRST)],
  ])('because S3 refuses %s is treated the same', async (_what, key) => {
    const morning = await morningAfter(DAYS);
    morning.cloud.s3.intercept = onWriting(key, refuseAsS3(403, 'AccessDenied'));
    const invocation = await morning.invoke({});

    expect(statusOf(invocation)).toBe('delivered');
    expect(metricsOf(invocation)).toMatchObject({ Restatements: 2, RestatementFailures: 1 });
    expect(manifestOf(morning, YESTERDAY).notices).toEqual([failed(TWENTY_FIRST, 'ArchiveError')]);
    expect(restatedDays(await mailOf(morning, YESTERDAY))).toEqual([
      restated(TWENTIETH),
      restated(TWENTY_SECOND),
    ]);

    morning.cloud.s3.intercept = null;
    await invokeAt(morning, MORNING_AFTER);
    expect(revisions(morning, DAYS)).toEqual([2, 2, 2]);
    expectConsistentArchive(morning);
  });

  test('because its line items are not what was archived is treated the same', async () => {
    const morning = await morningAfter(DAYS);
    const bucket = morning.cloud.s3.bucket(BUCKET);
    const manifest = morning.text(manifestKey(TWENTY_FIRST));
    bucket.put(manifestKey(TWENTY_FIRST), {
      bytes: Buffer.from(manifest.replaceAll(/"sha256":"\w+"/g, `"sha256":"${'0'.repeat(64)}"`)),
      headers: {},
    });
    const invocation = await morning.invoke({});

    expect(statusOf(invocation)).toBe('delivered');
    expect(manifestOf(morning, YESTERDAY).notices).toContain(failed(TWENTY_FIRST, 'ArchiveError'));
    expect(revisions(morning, DAYS)).toEqual([2, 1, 2]);
  });
});

describe('two days in a row that can’t be read again', () => {
  test('keep the rest from being read, and the rest is named', async () => {
    const morning = await morningAfter(EARLIER);
    morning.cloud.signalWire.intercept = unreadable(NINETEENTH, TWENTIETH);
    const invocation = await morning.invoke({});

    expect(answerOf(invocation)).toMatchObject({ reports: [{ status: 'delivered' }], restated: [] });
    expect(datesAsked(morning)).toEqual([NINETEENTH, TWENTIETH, YESTERDAY]);
    await expectToldYesterday(morning, [
      failed(NINETEENTH, 'SignalWireRejectedError'),
      failed(TWENTIETH, 'SignalWireRejectedError'),
      skipped(TWENTY_FIRST, TWENTY_SECOND),
    ]);
    expect(metricsOf(invocation)).toMatchObject({
      ...{ Restatements: 0, RestatementFailures: 2, ReportDelivered: 1, ApiRequests: 3 },
    });
    expect(logLines(invocation, 'ERROR')).toHaveLength(2);

    morning.cloud.signalWire.intercept = null;
    const { restated: caughtUp } = answerOf(await invokeAt(morning, MORNING_AFTER));
    expect(caughtUp.map(({ day }) => day)).toEqual(EARLIER);
    expectConsistentArchive(morning);
  });

  test('as the last ones, leave no day to be skipped', async () => {
    const morning = await morningAfter(EARLIER.slice(-2));
    morning.cloud.signalWire.intercept = unreadable(TWENTY_FIRST, TWENTY_SECOND);

    expect((await morning.run({})).restated).toEqual([]);
    await expectToldYesterday(morning, [
      failed(TWENTY_FIRST, 'SignalWireRejectedError'),
      failed(TWENTY_SECOND, 'SignalWireRejectedError'),
    ]);
  });

  test('with a good day between them count as separate failures', async () => {
    const morning = await morningAfter(EARLIER);
    morning.cloud.signalWire.intercept = unreadable(NINETEENTH, TWENTY_FIRST);

    expect((await morning.run({})).restated).toMatchObject([{ day: TWENTIETH }, { day: TWENTY_SECOND }]);
    await expectToldYesterday(
      morning,
      [failed(NINETEENTH, 'SignalWireRejectedError'), failed(TWENTY_FIRST, 'SignalWireRejectedError')],
      [restated(TWENTIETH), restated(TWENTY_SECOND)],
    );
  });

  test('because of their own contents do not keep other days from being read', async () => {
    const morning = await morningAfter(EARLIER);
    const invalid = servePage([sessionLog(1, { charge: '"free"' })], null);
    morning.cloud.signalWire.intercept = (request, response) =>
      [NINETEENTH, TWENTIETH].some((date) => onReading(date, invalid)(request, response) === true);

    expect((await morning.run({})).restated).toMatchObject([{ day: TWENTY_FIRST }, { day: TWENTY_SECOND }]);
    await expectToldYesterday(
      morning,
      [
        failed(NINETEENTH, 'SignalWireInvalidResponseError'),
        failed(TWENTIETH, 'SignalWireInvalidResponseError'),
      ],
      [restated(TWENTY_FIRST), restated(TWENTY_SECOND)],
    );
  });

  test('because nothing can be read fail the run for yesterday, and nothing is mailed', async () => {
    const morning = await morningAfter(EARLIER);
    morning.cloud.signalWire.apiToken = 'PT-another';
    const before = traces(morning);
    const invocation = await morning.invoke({});

    await failureOf(morning, invocation, 'SignalWireRejectedError');
    expect(metricsOf(invocation)).toEqual({
      ...{ Restatements: 0, RestatementFailures: 2, ApiRequests: 3, ApiRetries: 0 },
    });
    expect(traces(morning)).toEqual(before);
    expect(revisions(morning, EARLIER)).toEqual([1, 1, 1, 1]);
  });
});

describe('with too little time for more than yesterday', () => {
  const NOTICES = [
    failed(NINETEENTH, 'OutOfTimeError'),
    failed(TWENTIETH, 'OutOfTimeError'),
    skipped(TWENTY_FIRST, TWENTY_SECOND),
  ];

  test('yesterday is delivered, and the other days are left unchanged', async () => {
    const morning = await morningAfter(EARLIER);
    const invocation = await morning.invoke({}, { remainingMs: 21_000 });

    expect(statusOf(invocation)).toBe('delivered');
    expect(datesAsked(morning)).not.toContain(TWENTY_FIRST);
    await expectToldYesterday(morning, NOTICES);
    expect(revisions(morning, EARLIER)).toEqual([1, 1, 1, 1]);
    expect(metricsOf(invocation)).toMatchObject({ RestatementFailures: 2, ReportDelivered: 1 });
  });

  test('an earlier day that asks to wait does not use up the time of yesterday', async () => {
    const morning = await morningAfter(EARLIER);
    const busy = reply(503, '', { 'retry-after': '2' });
    morning.cloud.signalWire.intercept = onReading(NINETEENTH, busy);

    // Yesterday alone needs 16 of them.
    expect(statusOf(await morning.invoke({}, { remainingMs: 18_000 }))).toBe('delivered');
    expect(manifestOf(morning, YESTERDAY).notices).toHaveLength(3);
  });
});

describe('a restatement whose run fails for yesterday', () => {
  async function failedMorning(): Promise<{ morning: Morning; invocation: Invocation }> {
    const morning = await morningAfter([TWENTY_SECOND]);
    morning.cloud.signalWire.intercept = unreadable(YESTERDAY);
    const invocation = await morning.invoke({});
    await failureOf(morning, invocation, 'SignalWireRejectedError');
    morning.cloud.signalWire.intercept = null;
    return { morning, invocation };
  }

  test('is in the archive nevertheless', async () => {
    const { morning } = await failedMorning();
    expect(revisions(morning, [TWENTY_SECOND])).toEqual([2]);
    expectConsistentArchive(morning);

    expect(await morning.run({})).toMatchObject({ reports: [{ status: 'delivered' }], restated: [] });
    expect(revisions(morning, [TWENTY_SECOND])).toEqual([2]);
    expectConsistentArchive(morning);
  });

  test('is reported by the run that delivers yesterday', async () => {
    const { morning } = await failedMorning();
    await morning.run({});

    expect(restatedDays(await mailOf(morning, YESTERDAY))).toEqual([restated(TWENTY_SECOND)]);
  });

  test('is counted by the run that made it', async () => {
    const { invocation } = await failedMorning();
    expect(metricsOf(invocation)).toMatchObject({ Restatements: 1, RestatementFailures: 0 });
  });
});

test.each([
  ['week', TWENTY_FIRST],
  ['five weeks', '2026-11-01'],
])('an unreadable manifest of the last %s does not keep yesterday waiting', async (_when, day) => {
  const morning = await morningAfter([TWENTY_SECOND]);
  const key = manifestKey(day);
  morning.cloud.s3.bucket(BUCKET).put(key, { bytes: Buffer.from('{}'), headers: {} });
  const invocation = await morning.invoke({});

  expect(statusOf(invocation)).toBe('delivered');
  expect(manifestOf(morning, YESTERDAY).notices).toEqual([failed(day, 'ArchiveError')]);
  const mail = only(await morning.mails());
  expect(restatedDays(mail)).toEqual([restated(TWENTY_SECOND)]);
  expect(textOf(mail)).toContain(`\n! The archive's figures for ${day} could not be read (ArchiveError)`);
  expect(metricsOf(invocation)).toMatchObject({ Restatements: 1, RestatementFailures: 1 });
});

test('the log line about a day that could not be read again has the request, the task and the day', async () => {
  const morning = await morningAfter([TWENTY_SECOND]);
  morning.cloud.signalWire.intercept = unreadable(TWENTY_SECOND);

  const { requestId, task, day } = only(logLines(await morning.invoke({}), 'ERROR'));
  expect({ requestId, task, day }).toEqual({
    requestId: expect.any(String),
    task: 'scheduled',
    day: expect.any(String),
  });
});

describe('days of another space', () => {
  // The same server under its other name.
  const moved = (morning: Morning): Readonly<Record<string, string>> => ({
    SIGNALWIRE_SPACE_URL: morning.cloud.signalWire.url.replace('127.0.0.1', 'localhost'),
  });

  test('are left alone by the scheduled run, without any notice', async () => {
    const morning = await morningAfter(EARLIER);
    const container = await morning.another(CLOCK, moved(morning));
    const invocation = await container.invoke({});

    expect(answerOf(invocation)).toMatchObject({ reports: [{ status: 'delivered' }], restated: [] });
    expect(datesAsked(morning)).toEqual([YESTERDAY]);
    expect(revisions(morning, EARLIER)).toEqual([1, 1, 1, 1]);
    await expectToldYesterday(morning, []);
    expect(metricsOf(invocation)).toMatchObject({ Restatements: 0, RestatementFailures: 0 });
  });

  test('are not restated by an event: the failure names both spaces', async () => {
    const morning = await morningAfter(EARLIER);
    const container = await morning.another(CLOCK, moved(morning));

    const invocation = await container.invoke({ day: TWENTY_FIRST, restate: true });
    const message = await failureOf(morning, invocation, 'ArchiveError');
    expect(message).toMatch(/2026-11-21.*127\.0\.0\.1.*localhost.*SIGNALWIRE_SPACE_URL/);
    expect(datesAsked(morning)).toEqual([]);
    expect(revisions(morning, EARLIER)).toEqual([1, 1, 1, 1]);
  });
});
