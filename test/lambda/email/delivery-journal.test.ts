import { beforeEach, describe, expect, test } from '@jest/globals';
import { DeliveryJournal, isReceipt, settlesDay } from '../../../lambda/email/delivery-journal.ts';
import { WatchedStore } from '../../support/watched-store.ts';

const PREFIX = 'emails/day=2026-11-22/';
const SIX = Date.parse('2026-11-23T06:00:00Z');
const HOUR = 3_600_000;

let store: WatchedStore;
let journal: DeliveryJournal;

beforeEach(() => {
  store = new WatchedStore();
  journal = new DeliveryJournal(store, PREFIX);
});

async function text(name: string): Promise<string | undefined> {
  return (await store.get(PREFIX + name))?.body.toString();
}

async function put(name: string, content: unknown): Promise<void> {
  await store.put(PREFIX + name, Buffer.from(JSON.stringify(content)), 'application/json', 'absent');
}

describe('what is written', () => {
  test('a claim records its time and is unlike any other', async () => {
    expect(await journal.claim(1, SIX)).toBe(true);
    await journal.claim(2, SIX);
    const [first, second] = [await text('claim-1.json'), await text('claim-2.json')];
    expect(first).toMatch(/^\{\n {2}"at": "2026-11-23T06:00:00\.000Z",\n {2}"token": "[0-9a-f-]{36}"\n\}\n$/);
    expect(second).not.toBe(first);
  });

  test('an attempt can be claimed only once, even at the same time', async () => {
    await journal.claim(1, SIX);
    const taken = await text('claim-1.json');
    expect(await journal.claim(1, SIX)).toBe(false);
    expect(await text('claim-1.json')).toBe(taken);
  });

  test('message, receipt, refusal and waiver are stored beside the claim', async () => {
    await journal.keepMessage(3, Buffer.from('the mail'));
    await journal.receipt(3, 'the id');
    await journal.refusal(4, 'the reason');
    await journal.waive();
    expect(await text('message-3.eml')).toBe('the mail');
    expect(await text('receipt-3.json')).toBe('{\n  "messageId": "the id"\n}\n');
    expect(await text('refusal-4.json')).toBe('{\n  "reason": "the reason"\n}\n');
    expect(await text('not-to-be-mailed.json')).toBe('{}\n');
  });

  test('every object is written only if its key is free, and with its content type', async () => {
    await journal.claim(1, SIX);
    await journal.keepMessage(1, Buffer.from('the mail'));
    await journal.receipt(1, 'the id');
    await journal.refusal(1, 'the reason');
    await journal.waive();
    expect(store.writes.map(({ key, contentType }) => [key.slice(PREFIX.length), contentType])).toEqual([
      ['claim-1.json', 'application/json'],
      ['message-1.eml', 'message/rfc822'],
      ['receipt-1.json', 'application/json'],
      ['refusal-1.json', 'application/json'],
      ['not-to-be-mailed.json', 'application/json'],
    ]);
    expect(new Set(store.writes.map(({ condition }) => condition))).toEqual(new Set(['absent']));
  });

  test('a day may be waived twice', async () => {
    await journal.waive();
    await journal.waive();
    expect(store.versions(`${PREFIX}not-to-be-mailed.json`)).toHaveLength(1);
  });

  test.each([
    ['message-1.eml', () => journal.keepMessage(1, Buffer.from('mine'))],
    ['receipt-1.json', () => journal.receipt(1, 'mine')],
    ['refusal-1.json', () => journal.refusal(1, 'mine')],
  ])('%s that is there already is left as it is, and the run fails', async (name, write) => {
    await put(name, 'not mine');
    await expect(write()).rejects.toMatchObject({
      name: 'ArchiveError',
      message:
        `memory:${PREFIX}${name} already exists, although this run holds the claim. ` +
        'Nothing else may write there.',
    });
    expect(await text(name)).toBe('"not mine"');
  });

  test.each([
    ['message-1.eml', () => journal.keepMessage(1, Buffer.from('mine'))],
    ['receipt-1.json', () => journal.receipt(1, 'mine')],
    ['refusal-1.json', () => journal.refusal(1, 'mine')],
  ])('%s whose writing was answered too late is our own', async (_name, write) => {
    await write();
    await expect(write()).resolves.toBeUndefined();
  });
});

describe('what is read', () => {
  test('without any objects: nobody has claimed the mail', async () => {
    expect(await journal.read(SIX)).toEqual({ kind: 'unclaimed', attempts: 0 });
  });

  test('a waiver and another day’s claim do not count as a claim', async () => {
    await journal.waive();
    await new DeliveryJournal(store, 'emails/day=2026-11-23/').claim(1, SIX);
    expect(await journal.read(SIX)).toEqual({ kind: 'unclaimed', attempts: 0 });
  });

  test('several attempts, each with its outcome', async () => {
    await journal.claim(1, SIX);
    expect(await journal.read(SIX)).toEqual({ kind: 'claimed' });
    expect(await journal.read(SIX + HOUR)).toEqual({ kind: 'unknown', attempts: 1 });
    await journal.claim(2, SIX + HOUR);
    await journal.refusal(2, 'no');
    expect(await journal.read(SIX + HOUR)).toEqual({ kind: 'unknown', attempts: 2 });
    await journal.claim(3, SIX + 2 * HOUR);
    await journal.receipt(3, 'the id');
    expect(await journal.read(SIX + 2 * HOUR)).toEqual({ kind: 'delivered', messageId: 'the id' });
  });

  test('all attempts are counted, also more than ten', async () => {
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      await journal.claim(attempt, SIX);
      await journal.refusal(attempt, 'no');
    }
    expect(await journal.read(SIX)).toEqual({ kind: 'refused', attempts: 12 });
  });

  test('objects that only look like a claim do not count', async () => {
    for (const name of ['my-claim-1.json', 'claim-1.json.bak', 'claim-x.json', 'old/claim-1.json']) {
      await put(name, { at: '2026-11-23T06:00:00Z' });
    }
    expect(await journal.read(SIX)).toEqual({ kind: 'unclaimed', attempts: 0 });
  });

  test('a delivered mail stays delivered, whatever happens when it is sent once more', async () => {
    await journal.claim(1, SIX);
    await journal.receipt(1, 'the id');
    await put('resend-request/claim-1.json', 'damaged');
    expect(await journal.read(SIX)).toEqual({ kind: 'delivered', messageId: 'the id' });
  });

  test('a receipt outweighs a refusal of the same attempt', async () => {
    await journal.claim(1, SIX);
    await journal.refusal(1, 'no');
    await journal.receipt(1, 'the id');
    expect(await journal.read(SIX)).toEqual({ kind: 'delivered', messageId: 'the id' });
  });

  test('the receipt of a mail sent once more on request counts for this day', async () => {
    await journal.claim(1, SIX);
    const resent = new DeliveryJournal(store, `${PREFIX}resend-request/`);
    await resent.claim(1, SIX);
    expect(await journal.read(SIX + HOUR)).toEqual({ kind: 'given-up' });
    await resent.receipt(1, 'the other id');
    expect(await journal.read(SIX + HOUR)).toEqual({ kind: 'delivered', messageId: 'the other id' });
  });

  test.each([
    ['claim-1.json', { at: 'this morning' }],
    ['claim-1.json', {}],
    ['receipt-1.json', { messageId: '' }],
    ['resend-request/receipt-1.json', { id: 'x' }],
  ])('%s with the contents %j fails the reading', async (name, content) => {
    await put(name, content);
    if (name.endsWith('receipt-1.json'))
      await put(name.replace('receipt', 'claim'), { at: '2026-11-23T06:00:00Z' });
    await expect(journal.read(SIX)).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringMatching(
        new RegExp(`^memory:${PREFIX}${name} can't be read \\(.*\\)\\. Restore its first version\\.$`, 's'),
      ),
    });
  });

  test('a claim that disappears between listing and reading fails the reading, too', async () => {
    await journal.claim(1, SIX);
    store.get = () => Promise.resolve(null);
    await expect(journal.read(SIX)).rejects.toMatchObject({ name: 'ArchiveError' });
  });
});

// Name, whether it is the receipt of a mail, and whether it settles its day.
test.each([
  ['receipt-1.json', true, true],
  ['receipt-12.json', true, true],
  ['resend-request/receipt-1.json', true, true],
  ['resend-request/receipt-12.json', true, true],
  ['not-to-be-mailed.json', false, true],
  ['claim-1.json', false, false],
  ['refusal-1.json', false, false],
  ['message-1.eml', false, false],
  ['resend-request/claim-1.json', false, false],
  ['resend-request/not-to-be-mailed.json', false, false],
  ['resend-/receipt-1.json', false, false],
  ['resend-a/b/receipt-1.json', false, false],
  ['old/resend-request/receipt-1.json', false, false],
  ['resend-request/receipt-1.json.bak', false, false],
  ['my-receipt-1.json', false, false],
  ['receipt-1.json.bak', false, false],
  ['receipt-.json', false, false],
  ['receipt-1xjson', false, false],
])('%s: a receipt %s, settles its day %s', (name, receipt, settles) => {
  expect(isReceipt(name)).toBe(receipt);
  expect(settlesDay(name)).toBe(settles);
});
