import { rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { manifestKey, roomChargesKey } from '../../../lambda/archive/layout.ts';
import type { ObjectStore } from '../../../lambda/archive/object-store.ts';
import { daysBefore } from '../../../lambda/billing-day.ts';
import type { Deadline } from '../../../lambda/deadline.ts';
import { findDay } from '../../../lambda/archive/archived-day.ts';
import { type History, type PastDay, readHistory } from '../../../lambda/email/history.ts';
import { ArchiveInFolder, logsOf } from '../../support/archive-in-folder.ts';
import { NO_HURRY } from '../../support/deadlines.ts';
import { sessionLog } from '../../support/logs.ts';

const DAY = '2026-11-22';
const [DAY_BEFORE = '', TWO_BEFORE = '', THREE_BEFORE = ''] = daysBefore(DAY, 3);

let archive: ArchiveInFolder;

beforeEach(async () => {
  archive = await ArchiveInFolder.make();
});
afterEach(() => archive.remove());

async function archiveDays(count: number): Promise<void> {
  for (const day of [...daysBefore(DAY, count).reverse(), DAY]) {
    await archive.archive(day, logsOf(day, [['standup', '10.00']]));
  }
}

/** The archive, with other ways to read it, and no way to write to it. */
function askedBy(asked: Pick<ObjectStore, 'get' | 'read'>): ObjectStore {
  const refuse = (): never => {
    throw new Error('The history only reads the archive');
  };
  return {
    ...asked,
    list: (prefix, after) => archive.store.list(prefix, after),
    locate: (key) => key,
    ...{ put: refuse, upload: refuse, head: refuse },
  };
}

async function history(store: ObjectStore = archive.store, deadline: Deadline = NO_HURRY): Promise<History> {
  const reported = await findDay(archive.store, DAY);
  if (reported === null) throw new Error('The day is not archived');
  return readHistory(reported.manifest, store, deadline);
}

function dayOf({ days }: History, day: string): PastDay | undefined {
  return days.find((one) => one.day === day);
}

/** What is known of a day's total and of its rooms. */
function kindsOf(past: PastDay | undefined): string {
  return past?.kind === 'known' ? `known, rooms ${past.rooms.kind}` : (past?.kind ?? 'none');
}

test('63 days are read, and rooms for the last week and for the days of the same kind among the last 56', async () => {
  await archiveDays(70);
  const { days } = await history();
  expect(days).toHaveLength(63);
  const rooms = days.filter((day) => kindsOf(day) === 'known, rooms known').map(({ day }) => day);
  // 16 weekend days, and the five working days of the last week.
  expect(rooms).toHaveLength(21);
  expect(rooms.at(-1)).toBe('2026-09-27');
});

test('no object is read twice, and never more than 16 at once', async () => {
  await archiveDays(63);
  let [open, most] = [0, 0];
  const asked: string[] = [];
  const count = async <T>(key: string, ask: (key: string) => Promise<T>): Promise<T> => {
    asked.push(key);
    open += 1;
    most = Math.max(most, open);
    const found = await ask(key);
    open -= 1;
    return found;
  };
  const counting = askedBy({
    get: (key) => count(key, (found) => archive.store.get(found)),
    read: (key) => count(key, (found) => archive.store.read(found)),
  });
  await history(counting);
  expect(new Set(asked).size).toBe(asked.length);
  expect(asked).toHaveLength(63 + 21);
  expect(most).toBeLessThanOrEqual(16);
});

describe('a day without a figure', () => {
  test('is reported with the reason: not archived, not readable, or another currency, time zone or space', async () => {
    await archive.archive(DAY_BEFORE, logsOf(DAY_BEFORE, []), { currency: 'EUR' });
    await archive.archive(TWO_BEFORE, logsOf(TWO_BEFORE, []), { timeZone: 'Europe/Berlin' });
    await archive.archive(THREE_BEFORE, logsOf(THREE_BEFORE, []));
    await archive.archive(DAY, logsOf(DAY, []));
    await writeFile(archive.store.locate(manifestKey(THREE_BEFORE)), '{}');
    const found = await history();
    expect(found.days.slice(0, 4)).toEqual([
      { day: DAY_BEFORE, kind: 'other', why: 'is in EUR' },
      { day: TWO_BEFORE, kind: 'other', why: 'has the time zone Europe/Berlin' },
      { day: THREE_BEFORE, kind: 'unreadable', error: 'ArchiveError' },
      { day: '2026-11-18', kind: 'absent' },
    ]);
    expect((await archive.mailOf(DAY)).text).toContain(
      '0 of 7 days: 4 not archived yet; 2026-11-21 is in EUR; 2 more missing',
    );
  });

  test('is also one that was archived after the report', async () => {
    await archive.archive(DAY, logsOf(DAY, []));
    await archive.archive(DAY_BEFORE, logsOf(DAY_BEFORE, []), { at: '2026-11-25T06:00:00Z' });
    expect(kindsOf(dayOf(await history(), DAY_BEFORE))).toBe('absent');
  });

  test('does not count as zero or in an average: the mail says that it could not be read', async () => {
    await archiveDays(63);
    await writeFile(archive.store.locate(manifestKey(DAY_BEFORE)), 'x');
    const { subject, text } = await archive.mailOf(DAY);
    expect(subject).toBe('SignalWire video costs 2026-11-22: $10.00');
    expect(text).toMatch(/^Week before +not compared {2}6 of 7 days: 2026-11-21 could not be read$/m);
    expect(text).toMatch(/^November to date +\$210\.00 {2}21 of 22 days: 2026-11-21 could not be read$/m);
    expect(text).toMatch(/^Sat, Nov 21 +could not be read$/m);
    expect(text).toContain(
      "! The archive's figures for 2026-11-21 could not be read (ArchiveError), so nothing is",
    );
    expect(text).not.toContain('moved most');
  });
});

describe('rooms can not be compared', () => {
  test('if their file is gone: the total still counts, and the mail says so', async () => {
    await archiveDays(63);
    await rm(archive.store.locate(roomChargesKey(DAY_BEFORE)));
    expect(kindsOf(dayOf(await history(), DAY_BEFORE))).toBe('known, rooms missing');
    const { text } = await archive.mailOf(DAY);
    expect(text).toContain(
      '! Individual rooms are not compared with 2026-11-21, which could not be read (ArchiveError). No action needed; ' +
        'the totals are compared.',
    );
    expect(text).toMatch(/^7-day average +\$10\.00 {2}\+0%$/m);
  });

  test('if their file is too large', async () => {
    const rooms = Array.from(
      { length: 600 },
      (_, index) => [`${index} ${'x'.repeat(1990)}`, '0.01'] as const,
    );
    await archive.archive(DAY_BEFORE, logsOf(DAY_BEFORE, rooms));
    await archive.archive(DAY, logsOf(DAY, []));
    expect(dayOf(await history(), DAY_BEFORE)).toMatchObject({
      rooms: { kind: 'missing', why: 'has more than 1 MB of room charges' },
    });
  });
});

describe('the time limit', () => {
  test('leaves days unread if too little time is left, and the mail says so', async () => {
    await archiveDays(20);
    const found = await history(archive.store, { remainingMs: () => 9000 });
    expect(found.days.filter(({ kind }) => kind !== 'unreadable')).toEqual([]);
    expect((await archive.mailOf(DAY, {}, {}, { remainingMs: () => 9000 })).text).toContain(
      "! The archive's figures for 2026-11-21, 2026-11-20, 2026-11-19 and 60 other days could not be read (OutOfTimeError)",
    );
  });

  test('ends the wait for an object that does not arrive', async () => {
    await archiveDays(2);
    const stalled = askedBy({
      get: (key) => (key.includes(DAY_BEFORE) ? new Promise(() => undefined) : archive.store.get(key)),
      read: (key) => archive.store.read(key),
    });
    const found = await history(stalled, { remainingMs: () => 11_000 });
    expect(dayOf(found, DAY_BEFORE)).toEqual({
      day: DAY_BEFORE,
      kind: 'unreadable',
      error: 'OutOfTimeError',
    });
  });
});

test('a mail sent once more says the same, whatever was restated in the meantime', async () => {
  await archiveDays(63);
  const first = await archive.mailOf(DAY);
  const late = (day: string): Promise<void> =>
    archive.restate(
      day,
      [
        ...logsOf(day, [['standup', '10.00']]),
        sessionLog('late', { createdAt: `${day}T13:00:00Z`, charge: '5' }),
      ],
      '2026-11-24T06:00:00Z',
      'the report of 2026-11-23',
    );
  // Not a day whose rooms are compared: after a restatement, the manifest no longer lists the rooms as they were.
  await late('2026-11-12');
  const second = await archive.mailOf(DAY);
  expect([second.subject, second.text, second.html]).toEqual([first.subject, first.text, first.html]);
  await late(DAY_BEFORE);
  const third = await archive.mailOf(DAY);
  expect(third.subject).toBe(first.subject);
  expect(third.text).toContain(
    '! Individual rooms are not compared with 2026-11-21, which was restated after this report. No action needed',
  );
  expect(third.text).not.toContain('Restated since');
});
