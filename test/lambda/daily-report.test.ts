import { beforeEach, describe, expect, test } from '@jest/globals';
import { emailsPrefix, manifestKey } from '../../lambda/archive/layout.ts';
import { billingDay } from '../../lambda/billing-day.ts';
import { type Answer, runTask } from '../../lambda/daily-report.ts';
import { EmailRejectedError, SignalWireUnavailableError } from '../../lambda/errors.ts';
import { sessionLog } from '../support/logs.ts';
import { Office } from '../support/office.ts';

const DAY = billingDay('2026-11-22', 'UTC');
const UNAVAILABLE = new SignalWireUnavailableError('Try later.');

let office: Office;

beforeEach(() => {
  office = new Office();
});

function morning(): Promise<Answer> {
  return runTask({ kind: 'scheduled', billingDay: DAY }, office.means());
}

/** Makes an archive of days that earlier mornings reported. */
async function reported(...days: readonly string[]): Promise<void> {
  for (const day of days) {
    const task = { kind: 'day', billingDay: billingDay(day, 'UTC'), email: true } as const;
    await runTask(task, office.means());
  }
  office.notifications.length = 0;
  office.takeAsked();
}

function statuses({ reports }: Answer): string[] {
  return reports.map(({ day, status }) => `${day} ${status}`);
}

describe('an event for one day', () => {
  test('reports that day, notifies the observer, and looks at no other day', async () => {
    await reported('2026-11-20');
    const answer = await runTask({ kind: 'day', billingDay: DAY, email: true }, office.means());
    expect(statuses(answer)).toEqual(['2026-11-22 delivered']);
    expect(answer.restated).toEqual([]);
    expect(office.notifications).toEqual(['2026-11-22 delivered']);
    expect(office.takeAsked()).toEqual(['2026-11-22']);
    expect((await office.manifest('2026-11-22')).notices).toEqual([]);
  });

  test('without a mail archives the day, and notifies the observer', async () => {
    const answer = await runTask({ kind: 'day', billingDay: DAY, email: false }, office.means());
    expect(statuses(answer)).toEqual(['2026-11-22 archived']);
    expect(answer.restated).toEqual([]);
    expect(office.notifications).toEqual(['2026-11-22 archived']);
    expect((await office.manifest('2026-11-22')).notices).toEqual([]);
    expect(await office.mails()).toEqual([]);
  });

  test('that restates notifies the observer of the restatement, not of a report', async () => {
    await reported('2026-11-22');
    office.logs = [sessionLog('late')];
    const answer = await runTask({ kind: 'restate', billingDay: DAY }, office.means());
    expect(statuses(answer)).toEqual(['2026-11-22 already-delivered']);
    expect(answer.restated).toEqual([{ day: '2026-11-22', revision: 2, before: '0.00', after: '0.10' }]);
    expect(office.notifications).toEqual(['2026-11-22 restated as revision 2']);
  });

  test('that restates an unchanged day notifies the observer of nothing', async () => {
    await reported('2026-11-22');
    const answer = await runTask({ kind: 'restate', billingDay: DAY }, office.means());
    expect(statuses(answer)).toEqual(['2026-11-22 already-delivered']);
    expect(answer.restated).toEqual([]);
    expect(office.notifications).toEqual([]);
  });

  test('that resends a mail does not notify the observer of another report', async () => {
    await reported('2026-11-22');
    const task = { kind: 'resend', billingDay: DAY, reason: 'never arrived' } as const;
    const answer = await runTask(task, office.means());
    expect(statuses(answer)).toEqual(['2026-11-22 delivered']);
    expect(answer.restated).toEqual([]);
    expect(office.notifications).toEqual([]);
    expect((await office.mails()).at(-1)?.text).toContain('never arrived');
  });
});

describe('a morning', () => {
  test('on an empty archive reports only yesterday', async () => {
    expect(statuses(await morning())).toEqual(['2026-11-22 delivered']);
    expect(office.takeAsked()).toEqual(['2026-11-22']);
  });

  test('looks back, then reports missed days, oldest first, and yesterday last', async () => {
    await reported('2026-11-19');
    office.logs = [sessionLog('late', { createdAt: '2026-11-19T12:00:00Z' })];
    const answer = await morning();
    expect(office.takeAsked()).toEqual(['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22']);
    expect(statuses(answer)).toEqual([
      '2026-11-20 delivered',
      '2026-11-21 delivered',
      '2026-11-22 delivered',
    ]);
    expect(answer.restated).toEqual([{ day: '2026-11-19', revision: 2, before: '0.00', after: '0.10' }]);
    expect(office.notifications).toEqual(['2026-11-19 restated as revision 2', ...statuses(answer)]);
    const subjects = (await office.mails()).map(({ subject }) => /\d{4}-\d\d-\d\d/.exec(subject ?? '')?.[0]);
    expect(subjects).toEqual(['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22']);
  });

  test('whose day is archived already does not ask SignalWire for anything', async () => {
    await reported('2026-11-21');
    office.unsendable = new EmailRejectedError('no');
    await expect(morning()).rejects.toBe(office.unsendable);
    office.takeAsked();
    office.unsendable = null;
    const answer = await morning();
    expect(statuses(answer)).toEqual(['2026-11-22 delivered']);
    expect(answer.restated).toEqual([]);
    expect(statuses(await morning())).toEqual(['2026-11-22 already-delivered']);
    expect(office.takeAsked()).toEqual([]);
  });

  test('reads missed days in the time zone that is set', async () => {
    office.settings = { ...office.settings, timeZone: 'Asia/Tokyo' };
    await reported('2026-11-20');
    await runTask({ kind: 'scheduled', billingDay: billingDay('2026-11-22', 'Asia/Tokyo') }, office.means());
    expect((await office.manifest('2026-11-21')).timeZone).toBe('Asia/Tokyo');
  });
});

describe('a day that fails', () => {
  test('does not keep others from being reported; the run fails at its end', async () => {
    await reported('2026-11-19');
    office.unreadable.set('2026-11-20', UNAVAILABLE);
    await expect(morning()).rejects.toMatchObject({
      name: 'SignalWireUnavailableError',
      message:
        '1 of 3 days could not be reported. 2026-11-20: SignalWireUnavailableError: Try later. ' +
        'Reported: 2026-11-21, 2026-11-22.',
    });
    expect(office.notifications).toEqual([
      '2026-11-20 still missed: SignalWireUnavailableError: Try later.',
      '2026-11-21 delivered',
      '2026-11-22 delivered',
    ]);
  });

  test('does not undo the reports of missed days if it is yesterday, and is reported only by the error', async () => {
    await reported('2026-11-20');
    office.unreadable.set('2026-11-22', UNAVAILABLE);
    await expect(morning()).rejects.toMatchObject({
      message: expect.stringMatching(/^1 of 2 days .* 2026-11-22: .* Reported: 2026-11-21\.$/),
    });
    expect(office.notifications).toEqual(['2026-11-21 delivered']);
  });

  test('because its archive can’t be read does not keep others from being reported', async () => {
    await reported('2026-11-20');
    await office.store.put(manifestKey('2026-11-22'), Buffer.from('{}'), 'application/json', 'absent');
    await expect(morning()).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringMatching(/^1 of 2 days .* 2026-11-22: ArchiveError: .* Reported: 2026-11-21\.$/),
    });
    expect(office.takeAsked()).toEqual(['2026-11-21']);
  });

  test('because the record of its mails can’t be read does not keep others from being reported', async () => {
    await reported('2026-11-20');
    const claim = `${emailsPrefix('2026-11-21')}claim-1.json`;
    await office.store.put(claim, Buffer.from('{}'), 'application/json', 'absent');
    await expect(morning()).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringMatching(/^1 of 2 days .* 2026-11-21: ArchiveError: .* Reported: 2026-11-22\.$/s),
    });
  });

  test('fails the run with its own error if it is the only day', async () => {
    office.unreadable.set('2026-11-22', UNAVAILABLE);
    await expect(morning()).rejects.toBe(UNAVAILABLE);
    expect(office.notifications).toEqual([]);
  });
});

describe('the time of a morning', () => {
  test('of 900 s without missed days: looking back leaves a third to yesterday', async () => {
    await reported('2026-11-21');
    await morning();
    expect(office.asked).toEqual([
      { date: '2026-11-21', remainingMs: 600_000 },
      { date: '2026-11-22', remainingMs: 900_000 },
    ]);
  });

  test('of 900 s with missed days: looking back leaves two thirds, and each missed day half of the rest, the last one all', async () => {
    await reported('2026-11-19');
    await morning();
    expect(office.asked).toEqual([
      { date: '2026-11-19', remainingMs: 300_000 },
      // Of 900 s, a third is for yesterday; half of the rest is for this day, and what is left for the last one.
      { date: '2026-11-20', remainingMs: 300_000 },
      { date: '2026-11-21', remainingMs: 600_000 },
      { date: '2026-11-22', remainingMs: 900_000 },
    ]);
  });

  test('taken by one missed day is lost to the next one, but never to yesterday', async () => {
    await reported('2026-11-19');
    const means = office.means();
    await runTask(
      { kind: 'scheduled', billingDay: DAY },
      {
        ...means,
        observer: {
          ...means.observer,
          onReported: ({ day }) => {
            if (day === '2026-11-20') office.remainingMs = 400_000;
          },
        },
      },
    );
    expect(office.asked.slice(2)).toEqual([
      { date: '2026-11-21', remainingMs: 100_000 },
      { date: '2026-11-22', remainingMs: 400_000 },
    ]);
  });
});
