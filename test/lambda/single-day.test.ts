import { beforeEach, describe, expect, test } from '@jest/globals';
import { emailsPrefix } from '../../lambda/archive/layout.ts';
import { billingDay } from '../../lambda/billing-day.ts';
import { archiveDay, reportDay, resendDay, restateDay } from '../../lambda/single-day.ts';
import { DeliveryJournal } from '../../lambda/email/delivery-journal.ts';
import { EmailRejectedError } from '../../lambda/errors.ts';
import { sessionLog } from '../support/logs.ts';
import { Office } from '../support/office.ts';

const DAY = billingDay('2026-11-22', 'UTC');
const FIGURES = {
  day: '2026-11-22',
  revision: 1,
  rooms: 2,
  sessions: 3,
  charge: '0.3435',
  currency: 'USD',
};

let office: Office;

beforeEach(() => {
  office = new Office();
  office.logs = [
    sessionLog('a', { charge: '0.1435' }),
    sessionLog('b', { charge: '0.10' }),
    sessionLog('c', { charge: '0.10', room: 'other' }),
  ];
});

describe('reporting a day', () => {
  test('archives and mails it, and afterwards returns the same without reading or mailing', async () => {
    expect(await reportDay(DAY, [], office.means())).toEqual({
      ...FIGURES,
      status: 'delivered',
      messageId: 'message 1',
    });
    expect(office.takeAsked()).toEqual(['2026-11-22']);
    expect(await reportDay(DAY, [], office.means())).toEqual({
      ...FIGURES,
      status: 'already-delivered',
      messageId: 'message 1',
    });
    expect(office.takeAsked()).toEqual([]);
    expect(await office.mails()).toHaveLength(1);
  });

  test('mails what is archived, without reading it again', async () => {
    office.unsendable = new EmailRejectedError('no');
    await expect(reportDay(DAY, ['Look at this.'], office.means())).rejects.toBe(office.unsendable);
    office.takeAsked();
    office.logs = [];
    office.unsendable = null;
    const report = await reportDay(DAY, ['Not this.'], office.means());
    expect(report).toEqual({ ...FIGURES, status: 'delivered', messageId: 'message 1' });
    expect(office.takeAsked()).toEqual([]);
    expect((await office.manifest('2026-11-22')).notices).toEqual(['Look at this.']);
  });

  test('that another run is mailing leaves the mail to that run', async () => {
    await restateDay(DAY, office.means());
    await new DeliveryJournal(office.store, emailsPrefix('2026-11-22')).claim(1, office.now);
    expect(await reportDay(DAY, [], office.means())).toEqual({
      ...FIGURES,
      status: 'delivery-in-progress',
    });
  });
});

describe('archiving a day', () => {
  test('mails nothing and records that nothing must be mailed', async () => {
    expect(await archiveDay(DAY, office.means())).toEqual({ ...FIGURES, status: 'archived' });
    expect(await office.mails()).toEqual([]);
    expect(await office.journal('2026-11-22')).toEqual(['not-to-be-mailed.json']);
  });

  test('that was already mailed changes nothing', async () => {
    await reportDay(DAY, [], office.means());
    const journal = await office.journal('2026-11-22');
    office.takeAsked();
    expect(await archiveDay(DAY, office.means())).toEqual({
      ...FIGURES,
      status: 'already-delivered',
      messageId: 'message 1',
    });
    expect(await office.journal('2026-11-22')).toEqual(journal);
    expect(office.takeAsked()).toEqual([]);
  });
});

describe('restating a day', () => {
  test('that is not archived archives it', async () => {
    expect(await restateDay(DAY, office.means())).toEqual({
      report: { ...FIGURES, status: 'archived' },
      restatement: null,
    });
    expect((await office.manifest('2026-11-22')).notices).toEqual([]);
  });

  test('that has not changed returns its current state', async () => {
    await reportDay(DAY, [], office.means());
    expect(await restateDay(DAY, office.means())).toEqual({
      report: { ...FIGURES, status: 'already-delivered', messageId: 'message 1' },
      restatement: null,
    });
    expect(office.takeAsked()).toEqual(['2026-11-22', '2026-11-22']);
  });

  test('that has changed returns the new revision, and mails nothing', async () => {
    await archiveDay(DAY, office.means());
    office.logs = [...office.logs, sessionLog('late', { charge: '1' })];
    expect(await restateDay(DAY, office.means())).toEqual({
      report: { ...FIGURES, revision: 2, sessions: 4, charge: '1.3435', status: 'archived' },
      restatement: { day: '2026-11-22', revision: 2, before: '0.3435', after: '1.3435' },
    });
    expect((await office.manifest('2026-11-22')).revisions).toEqual([
      expect.objectContaining({ revision: 1, reason: 'first reading', restatedBy: null }),
      expect.objectContaining({
        revision: 2,
        reason: '1 late charge',
        restatedBy: 'an event for 2026-11-22',
      }),
    ]);
    expect(await office.mails()).toEqual([]);
  });
});

describe('mailing a day again', () => {
  test('sends a separate mail that gives the reason', async () => {
    await reportDay(DAY, [], office.means());
    office.takeAsked();
    expect(await resendDay(DAY, 'the CFO lost it', office.means('second'))).toEqual({
      ...FIGURES,
      status: 'delivered',
      messageId: 'message 2',
    });
    const [first, again] = await office.mails();
    expect(first?.text).not.toContain('the CFO lost it');
    expect(again?.text).toContain('the CFO lost it');
    expect(await office.journal('2026-11-22')).toContain('resend-second/receipt-1.json');
    expect(office.takeAsked()).toEqual([]);
  });

  test('happens once for an event that comes twice, and again for another one', async () => {
    await archiveDay(DAY, office.means());
    await resendDay(DAY, 'never arrived', office.means('one'));
    expect(await resendDay(DAY, 'never arrived', office.means('one'))).toEqual({
      ...FIGURES,
      status: 'already-delivered',
      messageId: 'message 1',
    });
    expect(await resendDay(DAY, 'never arrived', office.means('two'))).toMatchObject({
      status: 'delivered',
      messageId: 'message 2',
    });
  });

  test('counts as the mail of a day that had none', async () => {
    await archiveDay(DAY, office.means());
    await resendDay(DAY, 'wanted after all', office.means('one'));
    expect(await reportDay(DAY, [], office.means())).toMatchObject({
      status: 'already-delivered',
      messageId: 'message 1',
    });
  });

  test('that is not archived is refused, naming the event that archives it', async () => {
    await expect(resendDay(DAY, 'never arrived', office.means())).rejects.toMatchObject({
      name: 'ArchiveError',
      message: '2026-11-22 is not archived, so it can\'t be mailed again. Send {"day":"2026-11-22"} first.',
    });
    expect(office.takeAsked()).toEqual([]);
  });
});
