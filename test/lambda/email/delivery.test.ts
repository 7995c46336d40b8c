import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { adviceForReport } from '../../../lambda/email/advice.ts';
import { type Delivery, deliverOnce, type Mailer } from '../../../lambda/email/delivery.ts';
import { DeliveryJournal } from '../../../lambda/email/delivery-journal.ts';
import { EmailOutcomeUnknownError, EmailRejectedError } from '../../../lambda/errors.ts';
import { FolderStore } from '../../../operator/folder/folder-store.ts';

const PREFIX = 'emails/day=2026-11-22/';
const SIX = Date.parse('2026-11-23T06:00:00Z');
const MINUTE = 60_000;

let folder: string;
let store: FolderStore;
/** The contents of the mails that the mailer was given. */
let sent: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delivery-'));
  store = new FolderStore(folder);
  sent = [];
});

afterEach(() => rm(folder, { recursive: true }));

const accepting: Mailer = { send: ({ raw }) => Promise.resolve(`id of ${raw.toString()}`) };
const refusing: Mailer = { send: () => Promise.reject(new EmailRejectedError('no')) };
const losing: Mailer = { send: () => Promise.reject(new EmailOutcomeUnknownError('lost')) };

function deliver(mailer: Mailer, now: number, remainingMs = () => 60_000): Promise<Delivery> {
  return deliverOnce(
    new DeliveryJournal(store, PREFIX),
    {
      mailer: {
        send(message) {
          sent.push(message.raw.toString());
          return mailer.send(message);
        },
      },
      deadline: { remainingMs },
      now: () => now,
    },
    adviceForReport('2026-11-22'),
    (possibleRepeat) =>
      Promise.resolve({
        from: 'costs@example.com',
        to: ['finance@example.com'],
        raw: Buffer.from(possibleRepeat ? 'possible repeat' : 'mail'),
      }),
  );
}

async function journal(): Promise<string[]> {
  return (await Array.fromAsync(store.list(PREFIX))).map((key) => key.slice(PREFIX.length));
}

describe('a mail', () => {
  test('is claimed, sent and receipted, and then never sent again', async () => {
    expect(await deliver(accepting, SIX)).toEqual({ status: 'delivered', messageId: 'id of mail' });
    expect(await deliver(accepting, SIX + 60 * MINUTE)).toEqual({
      status: 'already-delivered',
      messageId: 'id of mail',
    });
    expect(sent).toEqual(['mail']);
    expect(await journal()).toEqual(['claim-1.json', 'message-1.eml', 'receipt-1.json']);
  });

  test('that was refused may be tried again immediately, as another attempt', async () => {
    await expect(deliver(refusing, SIX)).rejects.toThrow(EmailRejectedError);
    expect(await deliver(accepting, SIX + 1)).toEqual({ status: 'delivered', messageId: 'id of mail' });
    expect(sent).toEqual(['mail', 'mail']);
    expect(await journal()).toEqual([
      'claim-1.json',
      'claim-2.json',
      'message-1.eml',
      'message-2.eml',
      'receipt-2.json',
      'refusal-1.json',
    ]);
  });

  test('whose outcome is unknown is held for 20 minutes, then repeated once with a mark, then given up', async () => {
    await expect(deliver(losing, SIX)).rejects.toThrow(EmailOutcomeUnknownError);
    expect(await deliver(accepting, SIX + 20 * MINUTE - 1)).toEqual({ status: 'delivery-in-progress' });
    await expect(deliver(losing, SIX + 20 * MINUTE)).rejects.toThrow(
      /^lost .*no further one is sent automatically.*resend --day 2026-11-22/,
    );
    expect(await deliver(accepting, SIX + 40 * MINUTE - 1)).toEqual({ status: 'delivery-in-progress' });
    await expect(deliver(accepting, SIX + 40 * MINUTE)).rejects.toThrow(
      /^After two attempts it is unknown .*resend --day 2026-11-22/,
    );
    expect(sent).toEqual(['mail', 'possible repeat']);
  });

  test('stays marked as a possible repeat when the repeat was refused', async () => {
    await expect(deliver(losing, SIX)).rejects.toThrow(EmailOutcomeUnknownError);
    await expect(deliver(refusing, SIX + 20 * MINUTE)).rejects.toThrow(EmailRejectedError);
    await deliver(accepting, SIX + 21 * MINUTE);
    expect(sent).toEqual(['mail', 'possible repeat', 'possible repeat']);
  });

  test('is sent by only one of four concurrent runs', async () => {
    const deliveries = await Promise.all([1, 2, 3, 4].map(() => deliver(accepting, SIX)));
    expect(sent).toEqual(['mail']);
    expect(deliveries.filter(({ status }) => status === 'delivered')).toHaveLength(1);
  });

  test('is not claimed if too little time is left to send it', async () => {
    await expect(deliver(accepting, SIX, () => 12_499)).rejects.toMatchObject({ name: 'OutOfTimeError' });
    expect(await journal()).toEqual([]);
    expect(sent).toEqual([]);
  });

  test('whose claim used up the time for SES is not sent, and the next run may send it', async () => {
    const left = [60_000, 10_499];
    const late = deliver(accepting, SIX, () => left.shift() ?? 0);
    await expect(late).rejects.toMatchObject({
      name: 'OutOfTimeError',
      message: expect.stringContaining('too little for the call to SES (10.5 s). The archive is complete'),
    });
    expect(sent).toEqual([]);
    expect(await journal()).toEqual(['claim-1.json', 'message-1.eml', 'refusal-1.json']);
    expect(await deliver(accepting, SIX + 1)).toEqual({ status: 'delivered', messageId: 'id of mail' });
    expect(sent).toEqual(['mail']);
  });

  test('that could not be stored is not sent, and the next run may send it', async () => {
    await store.put(`${PREFIX}message-1.eml`, Buffer.from('in the way'), 'text/plain', 'absent');
    await expect(deliver(accepting, SIX)).rejects.toMatchObject({ name: 'ArchiveError' });
    expect(sent).toEqual([]);
    expect(await deliver(accepting, SIX + 1)).toEqual({ status: 'delivered', messageId: 'id of mail' });
  });
});

test('a claim that can’t be read stops the mail', async () => {
  await store.put(`${PREFIX}claim-1.json`, Buffer.from('{}'), 'application/json', 'absent');
  await expect(deliver(accepting, SIX)).rejects.toMatchObject({
    name: 'ArchiveError',
    message: expect.stringContaining('claim-1.json'),
  });
  expect(sent).toEqual([]);
});
