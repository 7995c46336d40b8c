import { beforeEach, describe, expect, test } from '@jest/globals';
import { deliverOnce, type DeliveryMeans } from '../../../lambda/email/delivery.ts';
import { DeliveryJournal } from '../../../lambda/email/delivery-journal.ts';
import { ArchiveError, EmailOutcomeUnknownError, EmailRejectedError } from '../../../lambda/errors.ts';
import { NO_HURRY } from '../../support/deadlines.ts';
import { MemoryStore } from '../../support/memory-store.ts';

const PREFIX = 'emails/day=2026-11-22/';
const SIX = Date.parse('2026-11-23T06:00:00Z');
const MINUTE = 60_000;
const ADVICE = { refused: 'Send it later.', unknown: 'Look first.', unknownTwice: 'Look, then ask.' };

/** A store that refuses to write some objects. */
class FailingStore extends MemoryStore {
  unwritable = /^$/;

  override put(...args: Parameters<MemoryStore['put']>): ReturnType<MemoryStore['put']> {
    return this.unwritable.test(args[0])
      ? Promise.reject(new ArchiveError('S3 is away.'))
      : super.put(...args);
  }
}

let store: FailingStore;
let sent: string[];

beforeEach(() => {
  store = new FailingStore();
  sent = [];
});

function deliver(now: number, office: Partial<DeliveryMeans> = {}, beforeClaim = () => Promise.resolve()) {
  const accepting = {
    send: ({ raw }: { raw: Buffer }) => Promise.resolve(`id ${sent.push(raw.toString())}`),
  };
  return deliverOnce(
    new DeliveryJournal(store, PREFIX),
    { mailer: accepting, deadline: NO_HURRY, now: () => now, ...office },
    ADVICE,
    async (possibleRepeat) => {
      await beforeClaim();
      const raw = Buffer.from(possibleRepeat ? 'possible repeat' : 'mail');
      return { from: 'costs@example.com', to: ['finance@example.com'], raw };
    },
  );
}

async function journal(): Promise<string[]> {
  return (await Array.fromAsync(store.list(PREFIX))).map((key) => key.slice(PREFIX.length));
}

const refusing = { mailer: { send: () => Promise.reject(new EmailRejectedError('Not verified.')) } };

describe('a mail that SES accepted', () => {
  test('but whose receipt could not be written fails the run, and is repeated once after 20 minutes, marked', async () => {
    store.unwritable = /receipt/;
    await expect(deliver(SIX)).rejects.toMatchObject({
      name: 'EmailOutcomeUnknownError',
      message:
        'SES accepted the mail as id 1, but that could not be recorded (ArchiveError: S3 is away.), so later runs ' +
        "don't know it. Look first.",
    });
    expect(await journal()).toEqual(['claim-1.json', 'message-1.eml']);
    store.unwritable = /^$/;
    expect(await deliver(SIX + 20 * MINUTE - 1)).toEqual({ status: 'delivery-in-progress' });
    expect(await deliver(SIX + 20 * MINUTE)).toEqual({ status: 'delivered', messageId: 'id 2' });
    expect(sent).toEqual(['mail', 'possible repeat']);
  });
});

test('a possible repeat whose outcome is unknown too comes with other advice', async () => {
  const losing = { mailer: { send: () => Promise.reject(new EmailOutcomeUnknownError('Lost.')) } };
  await expect(deliver(SIX, losing)).rejects.toThrow(/^Lost\. Look first\.$/);
  await expect(deliver(SIX + 20 * MINUTE, losing)).rejects.toThrow(/^Lost\. Look, then ask\.$/);
});

test('the error for a claim that could not be written says what follows if it was stored after all', async () => {
  store.unwritable = /claim/;
  await expect(deliver(SIX)).rejects.toMatchObject({
    name: 'ArchiveError',
    message:
      'S3 is away. If the claim was stored after all, the mail counts as being sent for the next 20 minutes.',
  });
  expect(sent).toEqual([]);
});

describe('a mail that was refused', () => {
  test('and whose refusal is recorded fails with the reason alone', async () => {
    await expect(deliver(SIX, refusing)).rejects.toMatchObject({
      name: 'EmailRejectedError',
      message: 'Not verified. Send it later.',
    });
    const refusal = await store.get(`${PREFIX}refusal-1.json`);
    expect(refusal?.body.toString()).toBe(
      '{\n  "reason": "EmailRejectedError: Not verified. Send it later."\n}\n',
    );
  });

  test('but whose refusal could not be written says so, and counts as being sent for 20 minutes', async () => {
    store.unwritable = /refusal/;
    await expect(deliver(SIX, refusing)).rejects.toMatchObject({
      name: 'EmailRejectedError',
      message:
        'Not verified. Send it later. This could not be recorded either (ArchiveError: S3 is away.): the mail counts ' +
        'as being sent for the next 20 minutes.',
    });
    expect(await deliver(SIX + 20 * MINUTE - 1)).toEqual({ status: 'delivery-in-progress' });
    await deliver(SIX + 20 * MINUTE);
    expect(sent).toEqual(['possible repeat']);
  });
});

describe('a mail that could not be sent', () => {
  test('for lack of time after it was claimed is sent by the next run, unmarked', async () => {
    let remainingMs = 12_500;
    const deadline = { remainingMs: () => remainingMs };
    store.put = async (...args) => {
      const stored = await MemoryStore.prototype.put.apply(store, args);
      if (args[0].includes('message')) remainingMs = 10_499;
      return stored;
    };
    await expect(deliver(SIX, { deadline })).rejects.toMatchObject({
      name: 'OutOfTimeError',
      message:
        '10 s are left, too little for the call to SES (10.5 s). Send it later. If this keeps happening, send ' +
        '{"day":"YYYY-MM-DD"}: a run for one day has all the time to itself.',
    });
    expect(await journal()).toEqual(['claim-1.json', 'message-1.eml', 'refusal-1.json']);
    expect(sent).toEqual([]);
    expect(await deliver(SIX + 1)).toEqual({ status: 'delivered', messageId: 'id 1' });
    expect(sent).toEqual(['mail']);
  });

  test('for lack of time before it was claimed leaves nothing behind', async () => {
    await expect(deliver(SIX, { deadline: { remainingMs: () => 12_499 } })).rejects.toMatchObject({
      name: 'OutOfTimeError',
      message: expect.stringMatching(
        /^12 s are left, too little for the mail \(12\.5 s\)\. Send it later\. /,
      ),
    });
    expect(await journal()).toEqual([]);
  });

  test('because another run claimed it first is left to that run', async () => {
    const other = new DeliveryJournal(store, PREFIX);
    const faster = async (): Promise<void> => {
      await other.claim(1, SIX);
    };
    expect(await deliver(SIX, {}, faster)).toEqual({ status: 'delivery-in-progress' });
    expect(sent).toEqual([]);
    expect(await journal()).toEqual(['claim-1.json']);
  });
});

test('a mail is sent if exactly the time that it needs is left, and stored as it was sent', async () => {
  const deadline = { remainingMs: () => 12_500 };
  expect(await deliver(SIX, { deadline })).toEqual({ status: 'delivered', messageId: 'id 1' });
  expect((await store.get(`${PREFIX}message-1.eml`))?.body.toString()).toBe('mail');
});

test('after a thrown value that is not an Error, the outcome of the mail counts as unknown', async () => {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is the point
  await expect(deliver(SIX, { mailer: { send: () => Promise.reject('gone') } })).rejects.toBe('gone');
  expect(await journal()).toEqual(['claim-1.json', 'message-1.eml']);
});

test('the error for a mail that was given up says what to do', async () => {
  const journalOfDay = new DeliveryJournal(store, PREFIX);
  await journalOfDay.claim(1, SIX - 60 * MINUTE);
  await journalOfDay.claim(2, SIX - 40 * MINUTE);
  await expect(deliver(SIX)).rejects.toMatchObject({
    name: 'EmailOutcomeUnknownError',
    message: 'After two attempts it is unknown whether SES accepted the mail. Look, then ask.',
  });
  expect(sent).toEqual([]);
});
