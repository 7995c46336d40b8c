import { describe, expect, test } from '@jest/globals';
import { BUCKET } from '../../local/cloud.ts';
import type { Invocation } from '../../local/lambda-process.ts';
import { sessionLog } from '../support/logs.ts';
import { type Morning, type MorningOptions, openMorning } from '../support/morning.ts';
import { expectConsistentArchive } from './support/consistent-archive.ts';
import { cut, onReading, replyJson, times } from './support/faults.ts';
import {
  answerOf,
  datesAsked,
  failureOf,
  invokeAt,
  logLines,
  manifestKey,
  metricsOf,
  only,
  requestCounts,
  textOf,
} from './support/observations.ts';

const DAYS = ['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22'] as const;
const [FIRST, SECOND, THIRD, YESTERDAY] = DAYS;
type Day = (typeof DAYS)[number];
const SIX = '2026-11-23T06:00:00Z';
const SEVEN = '2026-11-23T07:00:00Z';

const refused = replyJson(403, { error: 'Forbidden' });

/** At six o'clock on the next day. */
function morningAfter(day: string): string {
  return `${new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)}T06:00:00Z`;
}

/** A space with one session per day, which costs one dollar more each day. */
function openSpace(options: MorningOptions = {}): Promise<Morning> {
  const logs = DAYS.map((day, index) =>
    sessionLog(day, { createdAt: `${day}T12:00:00Z`, charge: String(index + 1) }),
  );
  return openMorning({ logs, ...options });
}

/** The 19th was delivered; then the function could not work until the 23rd. */
async function afterAnOutage(options: MorningOptions = {}): Promise<Morning> {
  const morning = await openSpace(options);
  answerOf(await invokeAt(morning, morningAfter(FIRST)));
  morning.cloud.signalWire.requests.length = 0;
  return morning;
}

async function subjects(morning: Morning): Promise<(string | undefined)[]> {
  return (await morning.mails()).map(({ subject }) => subject);
}

function subjectOf(day: Day): string {
  return `SignalWire video costs ${day}: $${DAYS.indexOf(day) + 1}.00`;
}

function statuses(invocation: Invocation): Record<string, string> {
  return Object.fromEntries(answerOf(invocation).reports.map(({ day, status }) => [day, status]));
}

describe('two days of outage', () => {
  test('are made up for by the next run: oldest first, one mail each, and nothing afterwards', async () => {
    const morning = await openSpace();
    answerOf(await invokeAt(morning, morningAfter(FIRST)));
    morning.cloud.signalWire.intercept = refused;
    for (const day of [SECOND, THIRD]) {
      const invocation = await invokeAt(morning, morningAfter(day));
      await failureOf(morning, invocation, 'SignalWireRejectedError');
    }
    expect(await subjects(morning)).toEqual([subjectOf(FIRST)]);
    morning.cloud.signalWire.intercept = null;
    morning.cloud.signalWire.requests.length = 0;

    const invocation = await invokeAt(morning, SIX);
    expect(answerOf(invocation)).toMatchObject({
      reports: [
        { day: SECOND, status: 'delivered', revision: 1, charge: '2.00' },
        { day: THIRD, status: 'delivered', revision: 1, charge: '3.00' },
        { day: YESTERDAY, status: 'delivered', revision: 1, charge: '4.00' },
      ],
      restated: [],
    });
    // The archived day is read again; the missed ones are read once.
    expect(datesAsked(morning)).toEqual(DAYS);
    expect(await subjects(morning)).toEqual(DAYS.map(subjectOf));
    expect(metricsOf(invocation)).toMatchObject({ ReportDelivered: [1, 1, 1], Charge: [2, 3, 4] });
    expectConsistentArchive(morning);

    const before = requestCounts(morning);
    expect(statuses(await invokeAt(morning, SEVEN))).toEqual({ [YESTERDAY]: 'already-delivered' });
    const { signalWire, ses, secretsManager } = before;
    expect(requestCounts(morning)).toMatchObject({ signalWire, ses, secretsManager });
  });

  test('of SES are made up for by mailing the archived days without asking SignalWire for them', async () => {
    const morning = await afterAnOutage();
    morning.cloud.ses.refuseWith = { code: 'AccountSendingPausedException', message: 'Sending is paused.' };
    await failureOf(morning, await invokeAt(morning, morningAfter(SECOND)), 'EmailRejectedError');
    morning.cloud.ses.refuseWith = null;
    morning.cloud.signalWire.requests.length = 0;
    morning.cloud.signalWire.intercept = onReading(YESTERDAY, times(1, refused));

    // Only the re-reading for late charges asks for the 20th.
    await failureOf(morning, await invokeAt(morning, SIX), 'SignalWireRejectedError');
    expect(datesAsked(morning)).toEqual([FIRST, SECOND, THIRD, YESTERDAY]);
    expect(await subjects(morning)).toEqual([FIRST, SECOND, THIRD].map(subjectOf));
  });

  test('and a late charge of an archived day lead to a mail with the newest revision', async () => {
    const morning = await afterAnOutage();
    morning.cloud.ses.refuseWith = { code: 'AccountSendingPausedException', message: 'Sending is paused.' };
    await failureOf(morning, await invokeAt(morning, morningAfter(SECOND)), 'EmailRejectedError');
    morning.cloud.ses.refuseWith = null;
    morning.cloud.signalWire.logs = [
      ...morning.cloud.signalWire.logs,
      sessionLog('late', { createdAt: `${SECOND}T13:00:00Z`, charge: '0.25' }),
    ];

    expect(answerOf(await invokeAt(morning, SIX))).toMatchObject({
      reports: [{ day: SECOND, revision: 2, charge: '2.25' }, { day: THIRD }, { day: YESTERDAY }],
      restated: [{ day: SECOND, revision: 2, before: '2.00', after: '2.25' }],
    });
    expect((await subjects(morning))[1]).toBe(`SignalWire video costs ${SECOND}: $2.25`);
  });
});

describe('what is not made up for:', () => {
  test('days before a first run on an empty archive, which mails only yesterday', async () => {
    const morning = await openSpace();
    expect(statuses(await invokeAt(morning, SIX))).toEqual({ [YESTERDAY]: 'delivered' });
    expect(datesAsked(morning)).toEqual([YESTERDAY]);
  });

  test('days before the first that was delivered', async () => {
    const morning = await openSpace();
    await morning.run({ day: THIRD });
    expect(statuses(await invokeAt(morning, SIX))).toEqual({ [YESTERDAY]: 'delivered' });
  });

  test('days that were archived on purpose without a mail', async () => {
    const morning = await afterAnOutage();
    await morning.run({ day: SECOND, email: false });
    expect(statuses(await invokeAt(morning, SIX))).toEqual({
      [THIRD]: 'delivered',
      [YESTERDAY]: 'delivered',
    });
  });

  test.each([
    ['0', [YESTERDAY]],
    ['1', [THIRD, YESTERDAY]],
    ['2', [SECOND, THIRD, YESTERDAY]],
  ])('days further back than LOOKBACK_DAYS=%s', async (lookbackDays, reported) => {
    const morning = await afterAnOutage({ environment: { LOOKBACK_DAYS: lookbackDays } });
    expect(Object.keys(statuses(await invokeAt(morning, SIX)))).toEqual(reported);
  });

  test('days that an event for one day does not name', async () => {
    const morning = await afterAnOutage();
    for (const event of [
      { day: YESTERDAY },
      { day: YESTERDAY, restate: true },
      { day: YESTERDAY, resend: 'x' },
    ]) {
      expect(Object.keys(statuses(await invokeAt(morning, SIX, event)))).toEqual([YESTERDAY]);
    }
  });
});

test('a mail that was given up is not sent again, but runs fail with what to do until somebody does it', async () => {
  const morning = await afterAnOutage();
  morning.cloud.ses.afterHandling = times(2, cut);
  for (const clock of [morningAfter(SECOND), '2026-11-21T07:00:00Z']) {
    await failureOf(morning, await invokeAt(morning, clock), 'EmailOutcomeUnknownError');
  }
  for (const clock of [SIX, SEVEN]) {
    const message = await failureOf(morning, await invokeAt(morning, clock), 'EmailOutcomeUnknownError');
    expect(message).toMatch(
      /^1 of [23] days .* npm run report -- resend --day 2026-11-20 --reason "never arrived"/,
    );
    expect(message).toMatch(/ Reported: (?:2026-11-21, )?2026-11-22\.$/);
  }
  await invokeAt(morning, SEVEN, { day: SECOND, resend: 'never arrived' });
  expect(statuses(await invokeAt(morning, SEVEN))).toEqual({ [YESTERDAY]: 'already-delivered' });
  expect(await subjects(morning)).toEqual([FIRST, SECOND, SECOND, THIRD, YESTERDAY, SECOND].map(subjectOf));
});

test('a mail that may have arrived is repeated the next morning, and marked', async () => {
  const morning = await afterAnOutage();
  morning.cloud.ses.afterHandling = times(1, cut);
  await failureOf(morning, await invokeAt(morning, '2026-11-22T23:00:00Z'), 'EmailOutcomeUnknownError');

  expect(Object.values(statuses(await invokeAt(morning, SIX)))).toEqual(['delivered', 'delivered']);
  const mails = await morning.mails();
  expect(mails.map((mail) => [mail.subject, /possible repeat/i.test(textOf(mail))])).toEqual([
    [subjectOf(FIRST), false],
    [subjectOf(SECOND), false],
    [subjectOf(THIRD), false],
    [subjectOf(SECOND), true],
    [subjectOf(YESTERDAY), false],
  ]);
});

test('of an outage that began before LOOKBACK_DAYS, the days within are made up for', async () => {
  const morning = await openSpace({ environment: { LOOKBACK_DAYS: '2' } });
  await invokeAt(morning, '2026-10-01T06:00:00Z');
  expect(Object.keys(statuses(await invokeAt(morning, SIX)))).toEqual([SECOND, THIRD, YESTERDAY]);
});

describe('a day that fails again', () => {
  test('does not keep the others from being mailed; the run fails and names the day', async () => {
    const morning = await afterAnOutage();
    morning.cloud.signalWire.intercept = onReading(SECOND, refused);
    const invocation = await invokeAt(morning, SIX);

    expect(await failureOf(morning, invocation, 'SignalWireRejectedError')).toMatch(
      /^1 of 3 days could not be reported\. 2026-11-20: SignalWireRejectedError: .*Video scope.* Reported: 2026-11-21, 2026-11-22\.$/,
    );
    expect(await subjects(morning)).toEqual([FIRST, THIRD, YESTERDAY].map(subjectOf));
    expect(metricsOf(invocation)).toMatchObject({ ReportDelivered: [1, 1], Charge: [3, 4] });
    expect(logLines(invocation, 'ERROR')).toMatchObject([
      { day: SECOND, error: { name: 'SignalWireRejectedError' } },
      { error: { name: 'SignalWireRejectedError', message: expect.stringContaining(SECOND) } },
    ]);
    expectConsistentArchive(morning);

    morning.cloud.signalWire.intercept = null;
    morning.cloud.signalWire.requests.length = 0;
    expect(statuses(await invokeAt(morning, SEVEN))).toEqual({
      [SECOND]: 'delivered',
      [YESTERDAY]: 'already-delivered',
    });
    expect(datesAsked(morning)).toEqual([SECOND]);
  });

  test.each<[string, Day[], string]>([
    ['yesterday and another one', [THIRD, YESTERDAY], 'SignalWireUnavailableError'],
    ['all', [SECOND, THIRD, YESTERDAY], 'SignalWireUnavailableError'],
    ['two missed ones', [SECOND, THIRD], 'SignalWireRejectedError'],
  ])(
    'together with others (%s) is named, and the newest gives the error its name',
    async (_what, failing, name) => {
      const morning = await afterAnOutage();
      const busy = replyJson(503, { error: 'Busy' }, { 'retry-after': '3600' });
      morning.cloud.signalWire.intercept = (request, response) =>
        failing.some((day) => onReading(day, day === YESTERDAY ? busy : refused)(request, response) === true);

      const message = await failureOf(morning, await invokeAt(morning, SIX), name);
      expect(message).toContain(`${failing.length} of 3 days could not be reported.`);
      expect([...message.matchAll(/(2026-11-\d\d): SignalWire/g)].map(([, day]) => day)).toEqual(failing);
      expect(await subjects(morning)).toEqual(DAYS.filter((day) => !failing.includes(day)).map(subjectOf));
    },
  );

  test('because its mail is refused keeps its archive, and the next run mails from it', async () => {
    const morning = await afterAnOutage({ environment: { LOOKBACK_DAYS: '1' } });
    const { ses } = morning.cloud;
    ses.refuseWith = { code: 'Throttling', message: 'Maximum sending rate exceeded.' };
    await failureOf(morning, await invokeAt(morning, SIX), 'EmailRejectedError');
    ses.refuseWith = null;
    morning.cloud.signalWire.requests.length = 0;

    expect(statuses(await invokeAt(morning, SEVEN))).toEqual({
      [THIRD]: 'delivered',
      [YESTERDAY]: 'delivered',
    });
    expect(datesAsked(morning)).toEqual([]);
  });
});

describe('damage', () => {
  test('in the record of a missed day does not keep other days from being mailed', async () => {
    const morning = await afterAnOutage();
    const key = `emails/day=${SECOND}/claim-1.json`;
    morning.cloud.s3.bucket(BUCKET).put(key, { bytes: Buffer.from('{}'), headers: {} });

    const message = await failureOf(morning, await invokeAt(morning, SIX), 'ArchiveError');
    expect(message).toMatch(/^1 of 3 days .* 2026-11-20: ArchiveError: .*claim-1\.json can't be read \(at: /);
    expect(await subjects(morning)).toEqual([FIRST, THIRD, YESTERDAY].map(subjectOf));
  });

  test('in the archive of yesterday does not keep missed days from being mailed', async () => {
    const morning = await afterAnOutage();
    const key = manifestKey(YESTERDAY);
    morning.cloud.s3.bucket(BUCKET).put(key, { bytes: Buffer.from('{}'), headers: {} });

    const message = await failureOf(morning, await invokeAt(morning, SIX), 'ArchiveError');
    expect(message).toMatch(
      /^1 of 3 days .* 2026-11-22: ArchiveError: .* Reported: 2026-11-20, 2026-11-21\.$/,
    );
    expect(await subjects(morning)).toEqual([FIRST, SECOND, THIRD].map(subjectOf));
  });
});

describe('a resend that may have arrived', () => {
  test('blocks other mails for its day while it is being sent; a later mail is marked', async () => {
    const morning = await afterAnOutage();
    await morning.run({ day: SECOND, restate: true });
    morning.cloud.ses.afterHandling = times(1, cut);
    const resend = { day: SECOND, resend: 'wanted' };
    const message = await failureOf(
      morning,
      await invokeAt(morning, '2026-11-23T05:50:00Z', resend),
      'EmailOutcomeUnknownError',
    );
    expect(message).toMatch(/Check the inbox\. If the mail is not there, request it again/);

    expect(statuses(await invokeAt(morning, SIX))[SECOND]).toBe('delivery-in-progress');
    expect(statuses(await invokeAt(morning, SEVEN))[SECOND]).toBe('delivered');
    const ofDay = (await morning.mails()).filter(({ subject }) => subject?.includes(SECOND));
    expect(ofDay.map((mail) => /possible repeat/i.test(textOf(mail)))).toEqual([false, true]);
  });

  test('or was refused fails with the hint that it is not sent again automatically', async () => {
    const morning = await openSpace();
    await morning.run({ day: YESTERDAY });
    morning.cloud.ses.refuseWith = { code: 'Throttling', message: 'Maximum sending rate exceeded.' };
    const invocation = await morning.invoke({ day: YESTERDAY, resend: 'wanted' });
    expect(await failureOf(morning, invocation, 'EmailRejectedError')).toMatch(
      /Maximum sending rate exceeded.* Request the mail again once that is fixed; no run sends it automatically\.$/,
    );
  });
});

test('two runs at once send one mail for each day', async () => {
  const morning = await afterAnOutage();
  const containers = await Promise.all([morning.another(SIX), morning.another(SIX)]);
  const invocations = await Promise.all(containers.map((container) => container.invoke({})));

  for (const day of [SECOND, THIRD, YESTERDAY]) {
    const ofDay = invocations.map((invocation) => statuses(invocation)[day]);
    expect(ofDay.filter((status) => status === 'delivered')).toHaveLength(1);
  }
  expect((await subjects(morning)).toSorted()).toEqual(DAYS.map(subjectOf));
  expectConsistentArchive(morning);
});

test('if there is only time for yesterday, the missed days are named, and wait for the next run', async () => {
  const morning = await afterAnOutage();
  const invocation = await (await morning.another(SIX)).invoke({}, { remainingMs: 20_000 });

  const message = await failureOf(morning, invocation, 'OutOfTimeError');
  expect(message).toMatch(/2026-11-20: OutOfTimeError.*2026-11-21: OutOfTimeError.* Reported: 2026-11-22\.$/);
  // There was no time to read the 19th again either, as the mail says.
  expect(await subjects(morning)).toEqual([subjectOf(FIRST), `[check] ${subjectOf(YESTERDAY)}`]);
  expect(Object.values(statuses(await invokeAt(morning, SEVEN)))).toEqual([
    'delivered',
    'delivered',
    'already-delivered',
  ]);
});

test('a slow missed day leaves the others their time', async () => {
  const morning = await afterAnOutage();
  const busy = replyJson(503, { error: 'Busy' }, { 'retry-after': '4' });
  morning.cloud.signalWire.intercept = onReading(SECOND, busy);
  const invocation = await (await morning.another(SIX)).invoke({}, { remainingMs: 70_000 });

  const message = await failureOf(morning, invocation, 'SignalWireUnavailableError');
  expect(message).toMatch(/^1 of 3 days/);
  expect(await subjects(morning)).toEqual([FIRST, THIRD, YESTERDAY].map(subjectOf));
});

test('a schedule that fires late, after midnight, still means the day before its scheduled time', async () => {
  const morning = await openSpace();
  const event = { scheduledTime: '2026-11-22T23:00:00Z' };
  expect(statuses(await invokeAt(morning, '2026-11-23T00:20:00Z', event))).toEqual({ [THIRD]: 'delivered' });
  expect(only(await subjects(morning))).toBe(subjectOf(THIRD));
  expect(statuses(await invokeAt(morning, SIX))).toEqual({ [YESTERDAY]: 'delivered' });
});
