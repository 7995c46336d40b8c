import { beforeEach, describe, expect, test } from '@jest/globals';
import { findDay } from '../../lambda/archive/archived-day.ts';
import { manifestKey } from '../../lambda/archive/layout.ts';
import { billingDay, daysBefore } from '../../lambda/billing-day.ts';
import {
  ArchiveError,
  OutOfTimeError,
  SecretError,
  SignalWireInvalidResponseError,
  SignalWireRejectedError,
  SignalWireUnavailableError,
} from '../../lambda/errors.ts';
import { type LookBack, lookBack } from '../../lambda/look-back.ts';
import { readAgain, readAndArchive, type ReadingMeans } from '../../lambda/read-and-archive.ts';
import { type LogOptions, sessionLog } from '../support/logs.ts';
import { Office } from '../support/office.ts';

const YESTERDAY = '2026-11-22';
const RUNNING = { charge: 'null', status: 'in-progress' };

let office: Office;

beforeEach(() => {
  office = new Office();
});

function logOn(day: string, options: LogOptions = {}): ReturnType<typeof sessionLog> {
  return sessionLog(`log of ${day}`, { createdAt: `${day}T12:00:00Z`, ...options });
}

/** Archives the days, each an hour after its end. */
async function archived(...days: readonly string[]): Promise<void> {
  for (const day of days) {
    const now = billingDay(day, 'UTC').end + 3_600_000;
    await readAndArchive(billingDay(day, 'UTC'), [], { ...office.means(), now: () => now });
  }
  office.takeAsked();
}

function look(lookbackDays = 7): Promise<LookBack> {
  const means = office.means();
  return lookBack(YESTERDAY, lookbackDays, means, means.observer);
}

/** The notice of a day that could not be read again. */
function unread(day: string, name: string): string {
  return (
    `${day} could not be read again for late charges (${name}). Its archived figures stand, and tomorrow's run tries ` +
    "again; look into the function's log for the reason."
  );
}

describe('the days that are read again', () => {
  test('are the archived ones, as far back as asked, oldest first', async () => {
    await archived('2026-11-18', '2026-11-19', '2026-11-21');
    expect(await look(3)).toEqual({ restated: [], notices: [] });
    expect(office.takeAsked()).toEqual(['2026-11-19', '2026-11-21']);
  });

  test('include those of the last 35 that had sessions in progress', async () => {
    const [nearest = '', ...others] = daysBefore(YESTERDAY, 36);
    const [tooFar = '', furthest = ''] = others.toReversed();
    office.logs = [logOn(tooFar, RUNNING), logOn(furthest, RUNNING), logOn(nearest, RUNNING)];
    await archived(tooFar, furthest, '2026-11-01', nearest);
    await look(0);
    expect(office.takeAsked()).toEqual([furthest, nearest]);
  });

  test('do not include days of another space', async () => {
    await archived('2026-11-20');
    office.settings = { ...office.settings, space: 'other' };
    await archived('2026-11-21');
    expect(await look()).toEqual({ restated: [], notices: [] });
    expect(office.takeAsked()).toEqual(['2026-11-21']);
  });
});

describe('a day that has changed', () => {
  test('is restated, and reported to the observer at once', async () => {
    office.logs = [logOn('2026-11-20', { charge: '1' }), logOn('2026-11-21', { charge: '5' })];
    await archived('2026-11-20', '2026-11-21');
    office.logs = [logOn('2026-11-20', { charge: '1234.505' }), logOn('2026-11-21', { charge: '4.5' })];
    expect(await look()).toEqual({
      restated: [
        { day: '2026-11-20', revision: 2, before: '1.00', after: '1234.505' },
        { day: '2026-11-21', revision: 2, before: '5.00', after: '4.50' },
      ],
      notices: [],
    });
    expect(office.notifications).toEqual([
      '2026-11-20 restated as revision 2',
      '2026-11-21 restated as revision 2',
    ]);
    expect((await office.manifest('2026-11-20')).revisions.at(-1)?.restatedBy).toBe(
      'the report of 2026-11-22',
    );
  });

  test('and was restated by another run meanwhile is not a failure', async () => {
    await archived('2026-11-20', '2026-11-21');
    office.logs = [logOn('2026-11-20', { charge: '1' })];
    const means = office.means();
    let isFirst = true;
    const overtaken: ReadingMeans = {
      ...means,
      signalWire: {
        ...means.signalWire,
        async getPage(url) {
          if (isFirst) {
            isFirst = false;
            const other = await findDay(office.store, '2026-11-20');
            if (other !== null) await readAgain(other, 'an event', office.means());
            office.logs = [logOn('2026-11-20', { charge: '2' })];
          }
          return means.signalWire.getPage(url);
        },
      },
    };
    expect(await lookBack(YESTERDAY, 7, overtaken, means.observer)).toEqual({
      restated: [],
      notices: [],
    });
    expect(office.notifications).toEqual([]);
    expect((await office.manifest('2026-11-20')).revision).toBe(2);
  });
});

describe('a day that can’t be read again', () => {
  test('is reported, and keeps neither the other days nor the report waiting', async () => {
    await archived('2026-11-19', '2026-11-20', '2026-11-21');
    office.logs = [logOn('2026-11-21', { charge: '1' })];
    office.unreadable.set('2026-11-19', new SignalWireInvalidResponseError('what was that'));
    office.unreadable.set('2026-11-20', 'no error at all');
    const { restated, notices } = await look();
    expect(restated).toMatchObject([{ day: '2026-11-21' }]);
    expect(notices).toEqual([
      unread('2026-11-19', 'SignalWireInvalidResponseError'),
      unread('2026-11-20', 'Error'),
    ]);
    expect(office.notifications).toEqual([
      '2026-11-19 not read again: SignalWireInvalidResponseError: what was that',
      '2026-11-20 not read again: no error at all',
      '2026-11-21 restated as revision 2',
    ]);
  });

  test('because its manifest is invalid is reported first', async () => {
    await archived('2026-11-20', '2026-11-21');
    const { etag = '' } = (await office.store.get(manifestKey('2026-11-20'))) ?? {};
    await office.store.put(manifestKey('2026-11-20'), Buffer.from('{}'), 'text/plain', { replacing: etag });
    expect(await look()).toEqual({ restated: [], notices: [unread('2026-11-20', 'ArchiveError')] });
    expect(office.takeAsked()).toEqual(['2026-11-21']);
  });

  test.each([
    new OutOfTimeError('x'),
    new SecretError('x'),
    new SignalWireRejectedError('x'),
    new SignalWireUnavailableError('x'),
  ])(
    'for a reason that affects all days stops the looking back the second time in a row: $name',
    async (error) => {
      await archived('2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21');
      for (const day of ['2026-11-18', '2026-11-19']) office.unreadable.set(day, error);
      expect((await look()).notices).toEqual([
        unread('2026-11-18', error.name),
        unread('2026-11-19', error.name),
        'Not read again for late charges after two failures: 2026-11-20, 2026-11-21. ' +
          "Their archived figures stand, and tomorrow's run tries again; look into the function's log for the reason.",
      ]);
      expect(office.takeAsked()).toEqual(['2026-11-18', '2026-11-19']);
    },
  );

  test.each([
    ['a day of its own kind of failure', new ArchiveError('x')],
    ['a day that could be read', null],
  ])('for such a reason does not stop the looking back after %s', async (_between, error) => {
    const days = ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21'];
    await archived(...days);
    const unavailable = new SignalWireUnavailableError('x');
    for (const day of ['2026-11-17', '2026-11-19']) office.unreadable.set(day, unavailable);
    if (error !== null) office.unreadable.set('2026-11-18', error);
    await look();
    expect(office.takeAsked()).toEqual(days);
  });

  test('for such a reason does not lead to skipped days if there are only two at the very end', async () => {
    await archived('2026-11-20', '2026-11-21');
    const unavailable = new SignalWireUnavailableError('x');
    for (const day of ['2026-11-20', '2026-11-21']) office.unreadable.set(day, unavailable);
    expect((await look()).notices).toEqual([
      unread('2026-11-20', 'SignalWireUnavailableError'),
      unread('2026-11-21', 'SignalWireUnavailableError'),
    ]);
  });
});
