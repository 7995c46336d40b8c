import { describe, expect, test } from '@jest/globals';
import type { Manifest } from '../../lambda/archive/manifest.ts';
import type { Answer } from '../../lambda/daily-report.ts';
import { BUCKET } from '../../local/cloud.ts';
import type { ObjectVersion } from '../../local/s3/bucket.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { deletedLog, sessionLog, uuid } from '../support/logs.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import { expectConsistentArchive, lineItemsOf } from './support/consistent-archive.ts';
import {
  answerOf,
  CSV_KEY,
  datesAsked,
  DAY,
  factsInText,
  failureOf,
  invokeAt,
  LINES_KEY,
  mailOf,
  MANIFEST_KEY,
  manifestOf,
  metricsOf,
  only,
  reportOf,
  requestCounts,
  restatedDays,
  statusOf,
  textOf,
  traces,
  visibleHtml,
} from './support/observations.ts';

const NEXT_DAY = '2026-11-23';
const NEXT_MORNING = '2026-11-24T06:00:00Z';
const MORNING_AFTER = '2026-11-25T06:00:00Z';

const STANDUP = sessionLog('standup', { charge: '1.25' });
const RETRO = sessionLog('retro', { room: 'retro', charge: '0.75' });
const LATE = sessionLog('late', { charge: '0.5' });
const LOGS = [STANDUP, RETRO];

/** What the next day costs. */
const NEXT = sessionLog('next', { createdAt: `${NEXT_DAY}T12:00:00Z`, charge: '3' });
const NEXT_FIGURES = { day: NEXT_DAY, revision: 1, rooms: 1, sessions: 1, charge: '3.00', currency: 'USD' };

/** The morning after one on which the two logs were reported; SignalWire now lists these logs for that day. */
async function nextMorning(logs: readonly SignalWireLog[]): Promise<Morning> {
  const morning = await openMorning({ logs: LOGS });
  await morning.run();
  morning.cloud.signalWire.logs = [...logs, NEXT];
  return morning;
}

describe('a charge that comes late', () => {
  test('leads to a second revision the next morning', async () => {
    const morning = await nextMorning([...LOGS, LATE]);
    const answer = answerOf(await invokeAt(morning, NEXT_MORNING));

    expect(answer).toEqual({
      reports: [
        { ...NEXT_FIGURES, status: 'delivered', messageId: morning.cloud.ses.outbox.at(-1)?.messageId },
      ],
      restated: [{ day: DAY, revision: 2, before: '2.00', after: '2.50' }],
    });
    expect(manifestOf(morning)).toMatchObject({
      ...{ revision: 2, charge: '2.50', rooms: 2, sessions: 3 },
      revisions: [
        {
          ...{ revision: 1, at: expect.stringMatching(/^2026-11-23T06:00:/), charge: '2.00', sessions: 2 },
          ...{ reason: 'first reading', restatedBy: null },
        },
        {
          ...{ revision: 2, at: expect.stringMatching(/^2026-11-24T06:00:/), charge: '2.50', sessions: 3 },
          ...{ reason: '1 late charge', restatedBy: `the report of ${NEXT_DAY}` },
        },
      ],
    });
    expect(morning.text(CSV_KEY)).toContain(`${DAY},127.0.0.1,standup,2,0,1200,1.75,USD\r\n`);
    expectConsistentArchive(morning);
  });

  test('is reported in the next mail: before, now and the difference', async () => {
    const morning = await nextMorning([...LOGS, LATE]);
    await invokeAt(morning, NEXT_MORNING);

    // The mail takes it from the revisions; it is stored only once.
    expect(manifestOf(morning, NEXT_DAY).notices).toEqual([]);
    const [, mail, ...others] = await morning.mails();
    if (mail === undefined) throw new Error('Expected two mails');
    expect(others).toEqual([]);
    expect(mail.subject).toBe(`[check] SignalWire video costs ${NEXT_DAY}: $3.00`);
    expect(restatedDays(mail)).toEqual([`${DAY} $2.00 $2.50 +$0.50 1 late charge`]);
    expect(textOf(mail)).toContain(
      `Changed by more than 5%: ${DAY}. If the old figure was booked or billed, correct it there.`,
    );
    expect(factsInText(mail).filter((fact) => !visibleHtml(mail).includes(fact))).toEqual([]);
  });

  test('is archived before the new day, by writes that replace only what was read', async () => {
    const morning = await nextMorning([...LOGS, LATE]);
    const bucket = morning.cloud.s3.bucket(BUCKET);
    const etags = [CSV_KEY, LINES_KEY, MANIFEST_KEY].map((key) => bucket.get(key).etag);
    const { length } = bucket.writes;
    const asked = morning.cloud.s3.requests.length;
    await invokeAt(morning, NEXT_MORNING);

    expect(
      bucket.writes
        .slice(length)
        .map(({ key }) => key)
        .slice(0, 6),
    ).toEqual([
      ...[CSV_KEY, LINES_KEY, MANIFEST_KEY],
      ...[CSV_KEY, LINES_KEY, MANIFEST_KEY].map((key) => key.replace(DAY, NEXT_DAY)),
    ]);
    const puts = morning.cloud.s3.requests.slice(asked).filter(({ method }) => method === 'PUT');
    expect(
      puts.filter(({ headers }) => headers['if-match'] === undefined && headers['if-none-match'] !== '*'),
    ).toEqual([]);
    expect(puts.flatMap(({ headers }) => headers['if-match'] ?? [])).toEqual(etags);
  });

  test('is reported once: the following morning there is nothing new', async () => {
    const morning = await nextMorning([...LOGS, LATE]);
    expect(metricsOf(await invokeAt(morning, NEXT_MORNING))).toMatchObject({
      ...{ Restatements: 1, RestatementFailures: 0, ReportDelivered: 1, Charge: 3, ApiRequests: 2 },
    });
    const before = versionsOf(morning, DAY);

    const invocation = await invokeAt(morning, MORNING_AFTER);
    expect(answerOf(invocation).restated).toEqual([]);
    expect(metricsOf(invocation)).toMatchObject({ Restatements: 0, RestatementFailures: 0, ApiRequests: 3 });
    expect(restatedDays(await mailOf(morning, '2026-11-24'))).toEqual([]);
    expect(versionsOf(morning, DAY)).toEqual(before);
    expectConsistentArchive(morning);
  });

  test('and is found by a restatement on request is also reported in the next mail, and in no other', async () => {
    const morning = await nextMorning([...LOGS, LATE]);
    await morning.run({ day: DAY, restate: true });

    expect(answerOf(await invokeAt(morning, NEXT_MORNING)).restated).toEqual([]);
    expect(restatedDays(await mailOf(morning, NEXT_DAY))).toEqual([
      `${DAY} $2.00 $2.50 +$0.50 1 late charge`,
    ]);
    await invokeAt(morning, MORNING_AFTER);
    expect(restatedDays(await mailOf(morning, '2026-11-24'))).toEqual([]);
  });

  test('is looked for by one run only: a repeated run makes no request', async () => {
    const morning = await nextMorning(LOGS);
    await invokeAt(morning, NEXT_MORNING);
    morning.cloud.signalWire.logs = [...LOGS, LATE, NEXT];
    const { signalWire } = requestCounts(morning);

    const invocation = await invokeAt(morning, NEXT_MORNING);
    expect(statusOf(invocation)).toBe('already-delivered');
    expect(answerOf(invocation).restated).toEqual([]);
    expect(requestCounts(morning).signalWire).toBe(signalWire);
    expect(manifestOf(morning).revision).toBe(1);
  });

  test('is reported in the next mail even if that mail’s day has a second revision by then', async () => {
    const morning = await nextMorning([...LOGS, LATE]);
    morning.cloud.ses.refuseWith = { code: 'MessageRejected', message: 'Email address is not verified.' };
    await invokeAt(morning, NEXT_MORNING);
    morning.cloud.ses.refuseWith = null;
    const lateNext = sessionLog('late next', { createdAt: `${NEXT_DAY}T13:00:00Z` });
    morning.cloud.signalWire.logs = [...LOGS, LATE, NEXT, lateNext];
    await invokeAt(morning, NEXT_MORNING, { day: NEXT_DAY, restate: true });
    await invokeAt(morning, NEXT_MORNING);

    expect(restatedDays(await mailOf(morning, NEXT_DAY))).toEqual([
      `${DAY} $2.00 $2.50 +$0.50 1 late charge`,
    ]);
  });

  test('to a day in another time zone is found in the hours of that day', async () => {
    const createdAt = '2026-11-21T23:00:00Z';
    const environment = { BILLING_TIME_ZONE: 'Europe/Berlin' };
    const morning = await openMorning({ logs: LOGS, environment });
    await morning.run();
    morning.cloud.signalWire.logs = [...LOGS, sessionLog('late', { createdAt, charge: '0.5' })];
    // Its own zone counts, whatever is set now.
    const container = await morning.another(NEXT_MORNING, { BILLING_TIME_ZONE: 'UTC' });

    expect(answerOf(await container.invoke({})).restated).toEqual([
      { day: DAY, revision: 2, before: '2.00', after: '2.50' },
    ]);
    expect(datesAsked(morning).slice(2)).toEqual([DAY, '2026-11-21', NEXT_DAY]);
    expect(manifestOf(morning)).toMatchObject({ timeZone: 'Europe/Berlin', charge: '2.50' });
    expectConsistentArchive(morning);
  });
});

test('unchanged logs in another order lead to no new version of anything', async () => {
  const morning = await nextMorning(LOGS.toReversed());
  const before = versionsOf(morning, DAY);

  expect(answerOf(await invokeAt(morning, NEXT_MORNING)).restated).toEqual([]);
  expect(datesAsked(morning)).toEqual([DAY, DAY, NEXT_DAY]);
  expect(versionsOf(morning, DAY)).toEqual(before);
  expect(restatedDays(await mailOf(morning, NEXT_DAY))).toEqual([]);
});

describe('a charge that SignalWire no longer lists', () => {
  test('is kept and marked, whether its log was deleted or is absent', async () => {
    const morning = await nextMorning([deletedLog('standup')]);

    expect(answerOf(await invokeAt(morning, NEXT_MORNING)).restated).toEqual([
      { day: DAY, revision: 2, before: '2.00', after: '2.00' },
    ]);
    const manifest = manifestOf(morning);
    expect(manifest).toMatchObject({ charge: '2.00', sessions: 2, rooms: 2, deletedLogs: 1 });
    expect(manifest.revisions.at(-1)?.reason).toBe('2 charges kept that SignalWire no longer lists');
    expect(marks(morning, manifest)).toEqual(
      [
        [uuid('standup'), '1.25', '2026-11-22T20:00:00Z', '1'],
        [uuid('retro'), '0.75', '', '1'],
      ].sort(byId),
    );
    expect(restatedDays(await mailOf(morning, NEXT_DAY))).toEqual([
      `${DAY} $2.00 $2.00 $0.00 2 charges kept that SignalWire no longer lists`,
    ]);
    expectConsistentArchive(morning);
  });

  test('stays unchanged while it is absent, and is counted once if it comes back', async () => {
    const morning = await nextMorning([]);
    await invokeAt(morning, NEXT_MORNING);
    const before = versionsOf(morning, DAY);
    expect(answerOf(await invokeAt(morning, MORNING_AFTER)).restated).toEqual([]);
    expect(versionsOf(morning, DAY)).toEqual(before);

    morning.cloud.signalWire.logs = [...LOGS, LATE, NEXT];
    expect(answerOf(await invokeAt(morning, '2026-11-26T06:00:00Z')).restated).toEqual([
      { day: DAY, revision: 3, before: '2.00', after: '2.50' },
    ]);
    const manifest = manifestOf(morning);
    expect(manifest).toMatchObject({ charge: '2.50', sessions: 3 });
    expect(marks(morning, manifest).filter(([, , ...unmarked]) => unmarked.join('') !== '')).toEqual([]);
    expectConsistentArchive(morning);
  });

  test('is kept in full if the log had charge details, or is listed without its charge', async () => {
    const details = [{ charge: 0.1 }, { charge: 0.2 }];
    const split = sessionLog('split', { charge: '0.3', more: { charge_details: details } });
    const morning = await openMorning({ logs: [split, STANDUP] });
    await morning.run();
    morning.cloud.signalWire.logs = [
      sessionLog('standup', { charge: 'null', status: 'in-progress', endedAt: null }),
    ];

    expect(answerOf(await invokeAt(morning, NEXT_MORNING)).restated).toEqual([
      { day: DAY, revision: 2, before: '1.55', after: '1.55' },
    ]);
    expect(manifestOf(morning)).toMatchObject({ charge: '1.55', sessions: 2, inProgressSessions: 1 });
    expectConsistentArchive(morning);
  });
});

test.each([
  ['down', '1', '1.75', '-$0.25'],
  ['up', '1.250001', '2.000001', '+$0.00'],
  ['below zero', '-2', '-1.25', '-$3.25'],
])(
  'a charge that SignalWire corrects %s counts with its new value',
  async (_where, charge, after, difference) => {
    const morning = await nextMorning([sessionLog('standup', { charge }), RETRO]);

    expect(answerOf(await invokeAt(morning, NEXT_MORNING)).restated).toEqual([
      { day: DAY, revision: 2, before: '2.00', after },
    ]);
    expect(
      only(restatedDays(await mailOf(morning, NEXT_DAY))).endsWith(` ${difference} 1 charge corrected`),
    ).toBe(true);
    expectConsistentArchive(morning);
  },
);

describe('the scheduled run looks back', () => {
  /** Archives days with one log each, unfinished if marked so; by now, all of them cost more. */
  async function pastDays(
    days: Readonly<Record<string, 'finished' | 'unfinished'>>,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Morning> {
    const logOf = (day: string, charge: string, status = 'completed'): SignalWireLog =>
      sessionLog(day, { createdAt: `${day}T12:00:00Z`, charge, status });
    const morning = await openMorning({
      clock: NEXT_MORNING,
      environment,
      logs: Object.entries(days).map(([day, state]) =>
        state === 'finished' ? logOf(day, '1') : logOf(day, 'null', 'in-progress'),
      ),
    });
    for (const day of Object.keys(days)) await morning.run({ day, email: false });
    morning.cloud.signalWire.logs = Object.keys(days).map((day) => logOf(day, '1.5'));
    morning.cloud.signalWire.requests.length = 0;
    return morning;
  }

  const DAYS = {
    '2026-10-18': 'unfinished',
    '2026-10-19': 'unfinished',
    '2026-11-03': 'unfinished',
    '2026-11-04': 'finished',
    '2026-11-15': 'finished',
    '2026-11-16': 'finished',
    '2026-11-22': 'unfinished',
  } as const;
  const UNFINISHED = ['2026-10-19', '2026-11-03', '2026-11-22'];

  test('a week, and 35 days for sessions that were in progress: oldest first, yesterday last', async () => {
    const morning = await pastDays(DAYS);
    const { restated } = await morning.run({});

    expect(datesAsked(morning)).toEqual(['2026-10-19', '2026-11-03', '2026-11-16', '2026-11-22', NEXT_DAY]);
    expect(restated).toEqual([
      { day: '2026-10-19', revision: 2, before: '0.00', after: '1.50' },
      { day: '2026-11-03', revision: 2, before: '0.00', after: '1.50' },
      { day: '2026-11-16', revision: 2, before: '1.00', after: '1.50' },
      { day: '2026-11-22', revision: 2, before: '0.00', after: '1.50' },
    ]);
    expect(restatedDays(await mailOf(morning, NEXT_DAY)).map((row) => row.slice(0, 10))).toEqual(
      restated.map(({ day }) => day),
    );
    expect(manifestOf(morning, '2026-11-03')).toMatchObject({ inProgressSessions: 0, sessions: 1 });
    expectConsistentArchive(morning);

    morning.cloud.signalWire.requests.length = 0;
    await invokeAt(morning, MORNING_AFTER);
    expect(datesAsked(morning)).toEqual(['2026-11-22', NEXT_DAY, '2026-11-24']);
  });

  test.each([
    ['0', [...UNFINISHED, NEXT_DAY]],
    ['8', ['2026-10-19', '2026-11-03', '2026-11-15', '2026-11-16', '2026-11-22', NEXT_DAY]],
    ['35', ['2026-10-19', '2026-11-03', '2026-11-04', '2026-11-15', '2026-11-16', '2026-11-22', NEXT_DAY]],
  ])('as far as LOOKBACK_DAYS says: %s', async (days, dates) => {
    const morning = await pastDays(DAYS, { LOOKBACK_DAYS: days });
    await morning.run({});

    expect(datesAsked(morning)).toEqual(dates);
    expectConsistentArchive(morning);
  });

  test('but an event for one day does not', async () => {
    const morning = await pastDays(DAYS);
    await morning.run({ day: NEXT_DAY });

    expect(datesAsked(morning)).toEqual([NEXT_DAY]);
  });

  test('and mails only yesterday', async () => {
    const morning = await pastDays(DAYS);
    await morning.run({});

    expect(only(await morning.mails()).subject).toBe(`[check] SignalWire video costs ${NEXT_DAY}: $0.00`);
  });
});

describe('a day that is read again on request', () => {
  const RESTATE = { day: DAY, restate: true };
  const RESTATED = { day: DAY, revision: 2, rooms: 2, sessions: 3, charge: '2.50', currency: 'USD' };

  test('after it was delivered gets a second revision, but no second mail', async () => {
    const morning = await openMorning({ logs: LOGS });
    const { messageId } = await reportOf(morning);
    morning.cloud.signalWire.logs = [...LOGS, LATE];

    expect(await morning.run(RESTATE)).toEqual({
      reports: [{ ...RESTATED, status: 'already-delivered', messageId }],
      restated: [{ day: DAY, revision: 2, before: '2.00', after: '2.50' }],
    });
    expect(manifestOf(morning).revisions.at(-1)).toMatchObject({
      reason: '1 late charge',
      restatedBy: `an event for ${DAY}`,
    });
    expect(traces(morning)).toMatchObject({ sesCalls: 1, mails: 1 });
    expectConsistentArchive(morning);

    await morning.run({ day: DAY, resend: 'restated' });
    expect((await morning.mails()).at(-1)?.subject).toBe(`SignalWire video costs ${DAY}: $2.50`);
  });

  test('after it was only archived is mailed by its own event, as it is then', async () => {
    const morning = await openMorning({ logs: LOGS });
    await morning.run({ day: DAY, email: false });
    morning.cloud.signalWire.logs = [...LOGS, LATE];

    expect(await morning.run(RESTATE)).toEqual({
      reports: [{ ...RESTATED, status: 'archived' }],
      restated: [{ day: DAY, revision: 2, before: '2.00', after: '2.50' }],
    });
    expect(traces(morning)).toMatchObject({ sesCalls: 0, mails: 0 });

    expect(await reportOf(morning, { day: DAY })).toMatchObject({ ...RESTATED, status: 'delivered' });
    const mail = only(await morning.mails());
    expect(mail.subject).toBe(`SignalWire video costs ${DAY}: $2.50`);
    expect(textOf(mail)).toMatch(/^Revision +2 \(1 late charge\)$/m);
    expectConsistentArchive(morning);
  });

  test('before it was archived is archived, without a mail', async () => {
    const morning = await openMorning({ logs: LOGS });

    expect(await morning.run(RESTATE)).toEqual({
      reports: [{ ...RESTATED, revision: 1, sessions: 2, charge: '2.00', status: 'archived' }],
      restated: [],
    });
    expect(traces(morning)).toMatchObject({ sesCalls: 0, mails: 0 });
    expectConsistentArchive(morning);
  });

  test('and is unchanged causes no writes', async () => {
    const morning = await openMorning({ logs: LOGS });
    await morning.run();
    const { length } = morning.cloud.s3.bucket(BUCKET).writes;

    expect((await morning.run(RESTATE)).restated).toEqual([]);
    expect(requestCounts(morning).signalWire).toBe(2);
    expect(morning.cloud.s3.bucket(BUCKET).writes).toHaveLength(length);
  });

  test('but can’t be read fails the run, and the archive is unchanged', async () => {
    const morning = await openMorning({ logs: LOGS });
    await morning.run();
    morning.cloud.signalWire.logs = [sessionLog('standup', { charge: '"free"' })];
    const { length } = morning.cloud.s3.bucket(BUCKET).writes;

    const invocation = await morning.invoke(RESTATE);
    await failureOf(morning, invocation, 'SignalWireInvalidResponseError');
    expect(morning.cloud.s3.bucket(BUCKET).writes).toHaveLength(length);
  });
});

test('over many revisions the books add up, and the total never falls because the API forgot something', async () => {
  const readings: readonly (readonly [logs: readonly SignalWireLog[], charge: string])[] = [
    [[STANDUP, RETRO], '2.00'],
    [[STANDUP], '2.00'],
    [[], '2.00'],
    [[deletedLog('standup'), LATE], '2.50'],
    [[deletedLog('standup'), deletedLog('retro')], '2.50'],
    [[sessionLog('standup', { charge: '1.30' })], '2.55'],
    [[sessionLog('retro', { room: 'renamed', charge: '0.75' }), LATE], '2.55'],
    [[STANDUP, sessionLog('retro', { charge: '-0.75' }), LATE], '1.00'],
    [[STANDUP, RETRO, LATE], '2.50'],
    [[STANDUP, RETRO, LATE], '2.50'],
  ];
  const morning = await openMorning();
  const charges: string[] = [];
  const links: Answer['restated'][number][] = [];
  for (const [logs] of readings) {
    morning.cloud.signalWire.logs = logs;
    const { reports, restated } = await morning.run({ day: DAY, restate: true });
    charges.push(only(reports).charge);
    links.push(...restated);
  }

  expect(charges).toEqual(readings.map(([, charge]) => charge));
  expectConsistentArchive(morning);
  // Each reading but the last one brought something new.
  const chain = charges.slice(0, -1);
  expect(manifestOf(morning).revisions.map(({ charge }) => charge)).toEqual(chain);
  expect(links).toEqual(
    chain.slice(1).map((after, index) => ({ day: DAY, revision: index + 2, before: chain[index], after })),
  );
});

/** All versions of all objects of a day. */
function versionsOf({ cloud }: Morning, day: string): ObjectVersion[] {
  return cloud.s3.bucket(BUCKET).writes.filter(({ key }) => key.includes(`day=${day}`));
}

/** What the line items say about where they come from. */
function marks(morning: Morning, manifest: Manifest): (string | undefined)[][] {
  return lineItemsOf(morning, manifest).map((row) =>
    ['x_LogId', 'BilledCost', 'x_DiscardedAt', 'x_LastSeenRevision'].map((column) => row[column]),
  );
}

function byId([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : 1;
}
