import { beforeEach, describe, expect, test } from '@jest/globals';
import { findDay } from '../../lambda/archive/archived-day.ts';
import { readArchivedLineItems } from '../support/archived-line-items.ts';
import { billingDay } from '../../lambda/billing-day.ts';
import { readAgain, readAndArchive, type Restatement } from '../../lambda/read-and-archive.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { sessionLog, uuid } from '../support/logs.ts';
import { Office } from '../support/office.ts';

const DAY = billingDay('2026-11-22', 'UTC');
const DISAGREEMENT =
  '1 log has charge details that do not add up to its charge. The charge counts; nothing is to be done.';
const DISAGREEING = { charge: '1', more: { charge_details: [{ charge: 2 }] } };

let office: Office;

beforeEach(() => {
  office = new Office();
});

async function again(restatedBy = 'a test'): Promise<Restatement | null> {
  const archived = await findDay(office.store, '2026-11-22');
  if (archived === null) throw new Error('The day is not archived');
  return readAgain(archived, restatedBy, office.means());
}

describe('reading a day for the first time', () => {
  test('archives what it read, when, from where, and the notices', async () => {
    office.logs = [sessionLog('a', DISAGREEING)];
    const manifest = await readAndArchive(DAY, ['A word beside.'], office.means());
    expect(manifest).toEqual(await office.manifest('2026-11-22'));
    expect(manifest).toMatchObject({
      day: '2026-11-22',
      timeZone: 'UTC',
      space: 'example',
      currency: 'USD',
      charge: '1.00',
      notices: [DISAGREEMENT, 'A word beside.'],
      revisions: [{ at: '2026-11-23T06:00:00.000Z' }],
    });
    const [item] = await readArchivedLineItems(office.store, manifest);
    expect(item).toMatchObject({
      BillingAccountId: 'project',
      BillingAccountName: 'example',
      BillingCurrency: 'USD',
    });
  });

  test('does not begin to archive if it may not be able to finish', async () => {
    office.remainingMs = 15_000;
    await readAndArchive(DAY, [], office.means());
    office.remainingMs = 14_999;
    await expect(readAndArchive(billingDay('2026-11-21', 'UTC'), [], office.means())).rejects.toMatchObject({
      name: 'OutOfTimeError',
      message: expect.stringContaining(
        'too little for the archive (15 s). Nothing was stored or mailed for the day. The next run reads the day again.',
      ),
    });
    expect(await findDay(office.store, '2026-11-21')).toBeNull();
  });

  test('adds a notice if the billing zone has changed since the day before', async () => {
    await readAndArchive(billingDay('2026-11-20', 'UTC'), [], office.means());
    const changed = await readAndArchive(billingDay('2026-11-21', 'Asia/Tokyo'), [], office.means());
    expect(changed.notices).toEqual([
      'The billing time zone was UTC until 2026-11-20 and is Asia/Tokyo from 2026-11-21 on: sessions in the hours ' +
        'between the two midnights are counted on both days, or on neither. Compare with the invoice.',
    ]);
    const after = await readAndArchive(billingDay('2026-11-22', 'Asia/Tokyo'), [], office.means());
    expect(after.notices).toEqual([]);
  });
});

describe('reading an archived day again', () => {
  test('changes nothing if nothing has changed', async () => {
    office.logs = [sessionLog('a')];
    await readAndArchive(DAY, [], office.means());
    expect(await again()).toBeNull();
    expect((await office.manifest('2026-11-22')).revision).toBe(1);
  });

  test('keeps what SignalWire no longer lists, and records why and by whom there is a new revision', async () => {
    office.logs = [sessionLog('a', { charge: '1' }), sessionLog('b', { charge: '2' })];
    await readAndArchive(DAY, [], office.means());
    office.logs = [sessionLog('b', { charge: '2.5' })];
    office.now += 3_600_000;
    expect(await again('somebody')).toEqual({
      day: '2026-11-22',
      revision: 2,
      before: '3.00',
      after: '3.50',
    });
    const manifest = await office.manifest('2026-11-22');
    expect(manifest.revisions.at(-1)).toEqual({
      revision: 2,
      at: '2026-11-23T07:00:00.000Z',
      charge: '3.50',
      sessions: 2,
      reason: '1 charge corrected, 1 charge kept that SignalWire no longer lists',
      restatedBy: 'somebody',
    });
    const kept = (await readArchivedLineItems(office.store, manifest)).filter(
      ({ x_LogId }) => x_LogId === uuid('a'),
    );
    expect(kept).toMatchObject([{ BilledCost: '1.00', x_LastSeenRevision: '1' }]);
  });

  test('keeps earlier notices, except those of the books, which come only from the new reading', async () => {
    office.logs = [sessionLog('a', DISAGREEING)];
    await readAndArchive(DAY, ['A word beside.'], office.means());
    office.logs = [sessionLog('a', { charge: '2', more: { charge_details: [{ charge: 2 }] } })];
    await again();
    expect((await office.manifest('2026-11-22')).notices).toEqual(['A word beside.']);
    office.logs = [sessionLog('a', DISAGREEING)];
    await again();
    expect((await office.manifest('2026-11-22')).notices).toEqual([DISAGREEMENT, 'A word beside.']);
  });

  test('keeps the zone and the currency of the day, whatever is set now', async () => {
    const tokyo = billingDay('2026-11-22', 'Asia/Tokyo');
    await readAndArchive(tokyo, [], office.means());
    office.settings = { ...office.settings, timeZone: 'UTC', currency: 'EUR' };
    // 08:59 on the 23rd by a wall clock in Tokyo is on the 22nd in UTC, but does not belong to this day.
    office.logs = [
      sessionLog('first', { createdAt: '2026-11-21T15:00:00Z' }),
      sessionLog('next day', { createdAt: '2026-11-22T23:59:00Z' }),
    ];
    expect(await again()).toMatchObject({ before: '0.00', after: '0.10' });
    expect(await office.manifest('2026-11-22')).toMatchObject({ timeZone: 'Asia/Tokyo', currency: 'USD' });
  });

  test('is refused, before anything is requested, if the space is a different one', async () => {
    await readAndArchive(DAY, [], office.means());
    office.takeAsked();
    office.settings = { ...office.settings, space: 'other' };
    await expect(again()).rejects.toMatchObject({
      name: 'ArchiveError',
      message:
        "2026-11-22 was archived from the space example; it can't be restated from other. " +
        'Set SIGNALWIRE_SPACE_URL to that space for this, or leave the day as it is.',
    });
    expect(office.takeAsked()).toEqual([]);
  });
});

describe('a reading that fails', () => {
  const EARLY = '2026-11-22';
  const LATE = '2026-11-23';
  const NEW_YORK = billingDay('2026-11-22', 'America/New_York');

  /** A day over two UTC dates. The later one, read first, has so many logs that they are archived as they come. */
  function manyLogs(): SignalWireLog[] {
    return Array.from({ length: 4700 }, (_, index) => {
      const late = new Date(Date.parse(`${LATE}T04:59:59Z`) - index * 1000);
      return sessionLog(index, { createdAt: late.toISOString() });
    });
  }

  test('leaves no upload or download open, and the archive unchanged', async () => {
    office.logs = [...manyLogs(), sessionLog('early', { createdAt: `${EARLY}T12:00:00Z` })];
    await readAndArchive(NEW_YORK, [], office.means());
    const { store } = office;
    store.reads.length = 0;
    office.unreadable.set(EARLY, new Error('Staged'));
    await expect(again()).rejects.toThrow('Staged');
    expect(store.reads).toEqual(['line-items/day=2026-11-22/line-items.csv']);
    expect(store.openReads).toEqual([]);
    expect(store.openUploads).toEqual([]);
    expect((await office.manifest('2026-11-22')).charge).toBe('470.10');
  });

  test('for lack of time leaves no upload open', async () => {
    office.remainingMs = 14_999;
    await expect(readAndArchive(DAY, [], office.means())).rejects.toMatchObject({
      name: 'OutOfTimeError',
    });
    expect(office.store.openUploads).toEqual([]);
    expect(office.store.writes).toEqual([]);
  });
});
