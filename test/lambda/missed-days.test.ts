import { beforeEach, describe, expect, test } from '@jest/globals';
import { emailsPrefix, resendPrefix } from '../../lambda/archive/layout.ts';
import { DeliveryJournal } from '../../lambda/email/delivery-journal.ts';
import { findMissedDays } from '../../lambda/missed-days.ts';
import { WatchedStore } from '../support/watched-store.ts';

const NOW = Date.parse('2026-11-23T06:00:00Z');
const MINUTE = 60_000;

let store: WatchedStore;

beforeEach(() => {
  store = new WatchedStore();
});

function journal(day: string): DeliveryJournal {
  return new DeliveryJournal(store, emailsPrefix(day));
}

async function delivered(day: string): Promise<void> {
  await journal(day).claim(1, NOW);
  await journal(day).receipt(1, `id of ${day}`);
}

/** Attempts without a recorded outcome, and the time of the last claim. */
async function unanswered(day: string, attempts: number, at = NOW - 60 * MINUTE): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) await journal(day).claim(attempt, at);
}

function missed(lookbackDays: number): Promise<string[]> {
  return findMissedDays('2026-11-22', lookbackDays, store);
}

describe('missed days', () => {
  test('are those after the first delivered day and before yesterday, oldest first', async () => {
    await delivered('2026-11-18');
    await delivered('2026-11-20');
    expect(await missed(7)).toEqual(['2026-11-19', '2026-11-21']);
  });

  test('are not looked for further back than asked', async () => {
    await delivered('2026-10-01');
    expect(await missed(2)).toEqual(['2026-11-20', '2026-11-21']);
    expect(await missed(1)).toEqual(['2026-11-21']);
    expect(await missed(0)).toEqual([]);
  });

  test('do not exist before anything was ever delivered', async () => {
    await unanswered('2026-11-19', 1);
    await journal('2026-11-20').refusal(1, 'no');
    expect(await missed(7)).toEqual([]);
  });

  test('do not exist if all days were delivered', async () => {
    for (const day of ['2026-11-19', '2026-11-20', '2026-11-21']) await delivered(day);
    expect(await missed(3)).toEqual([]);
  });

  test('do not include days archived without a mail on purpose, which don’t count as delivered either', async () => {
    await journal('2026-11-18').waive();
    await delivered('2026-11-19');
    await journal('2026-11-20').waive();
    expect(await missed(7)).toEqual(['2026-11-21']);
  });

  test('do not include days whose mail was resent on request', async () => {
    const resent = new DeliveryJournal(store, resendPrefix('2026-11-19', 'request'));
    await resent.claim(1, NOW);
    await resent.receipt(1, 'id');
    expect(await missed(4)).toEqual(['2026-11-20', '2026-11-21']);
  });

  test('include those refused, claimed or given up: their own report finds out their state', async () => {
    await delivered('2026-11-17');
    await journal('2026-11-18').claim(1, NOW);
    await journal('2026-11-18').refusal(1, 'no');
    await unanswered('2026-11-19', 2);
    await unanswered('2026-11-20', 1);
    await unanswered('2026-11-21', 1, NOW - MINUTE);
    expect(await missed(7)).toEqual(['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21']);
  });

  test('are not affected by other objects among the mails', async () => {
    const put = (key: string) => store.put(key, Buffer.from('x'), 'text/plain', 'absent');
    await put('emails/about.txt');
    await put('emails/notes.txt');
    await put('emails/day=2026-11-19/receipt-1.json.bak');
    await put('emails/day=2026-11-19/notes/receipt-1.json');
    await put('emails/day=2026-11-19/my-not-to-be-mailed.json');
    expect(await missed(3)).toEqual([]);
    await delivered('2026-11-18');
    expect(await missed(3)).toEqual(['2026-11-19', '2026-11-20', '2026-11-21']);
  });
});

describe('the archive', () => {
  test('is listed no further than necessary', async () => {
    await delivered('2026-11-20');
    for (const day of ['2026-11-22', '2026-11-24', '2026-11-25']) await delivered(day);
    expect(await missed(2)).toEqual(['2026-11-21']);
    // The first listing ends with the first key of yesterday, the second with the first receipt.
    expect(store.listed.slice(0, 5)).toEqual([
      'emails/day=2026-11-20/claim-1.json',
      'emails/day=2026-11-20/receipt-1.json',
      'emails/day=2026-11-22/claim-1.json',
      'emails/day=2026-11-20/claim-1.json',
      'emails/day=2026-11-20/receipt-1.json',
    ]);
  });

  test('is not listed if no day is to be looked at, and listed once if none is missing', async () => {
    await delivered('2026-11-21');
    expect(await missed(0)).toEqual([]);
    expect(store.listings).toEqual([]);
    expect(await missed(1)).toEqual([]);
    expect(store.listings).toEqual(['emails/']);
  });
});

test('a day whose record can’t be read counts as missed, so that only its own report fails', async () => {
  await delivered('2026-11-19');
  await store.overwrite('emails/day=2026-11-20/claim-1.json', '{}');
  expect(await missed(7)).toEqual(['2026-11-20', '2026-11-21']);
});
