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
  return runTask({ kind: 'scheduled', billingDay: DAY }, office.surroundings());
}

/** Days that an earlier morning reported. */
async function reported(...days: readonly string[]): Promise<void> {
  for (const day of days) {
    const task = { kind: 'day', billingDay: billingDay(day, 'UTC'), email: true } as const;
    await runTask(task, office.surroundings());
  }
  office.told.length = 0;
  office.takeAsked();
}

function statuses({ reports }: Answer): string[] {
  return reports.map(({ day, status }) => `${day} ${status}`);
}

describe('an event for one day', () => {
  test('reports that day, tells so, and looks at no other', async () => {
    await reported('2026-11-20');
    const answer = await runTask({ kind: 'day', billingDay: DAY, email: true }, office.surroundings());
    expect(statuses(answer)).toEqual(['2026-11-22 delivered']);
    expect(answer.restated).toEqual([]);
    expect(office.told).toEqual(['2026-11-22 delivered']);
    expect(office.takeAsked()).toEqual(['2026-11-22']);
    expect((await office.manifest('2026-11-22')).notices).toEqual([]);
  });

  test('without a mail archives it, and tells so', async () => {
    const answer = await runTask({ kind: 'day', billingDay: DAY, email: false }, office.surroundings());
    expect(statuses(answer)).toEqual(['2026-11-22 archived']);
    expect(answer.restated).toEqual([]);
    expect(office.told).toEqual(['2026-11-22 archived']);
    expect((await office.manifest('2026-11-22')).notices).toEqual([]);
    expect(await office.mails()).toEqual([]);
  });

  test('that restates tells the restatement, and no report', async () => {
    await reported('2026-11-22');
    office.logs = [sessionLog('late')];
    const answer = await runTask({ kind: 'restate', billingDay: DAY }, office.surroundings());
    expect(statuses(answer)).toEqual(['2026-11-22 already-delivered']);
    expect(answer.restated).toEqual([{ day: '2026-11-22', revision: 2, before: '0.00', after: '0.10' }]);
    expect(office.told).toEqual(['2026-11-22 restated as revision 2']);
  });

  test('that restates what has not changed tells nothing', async () => {
    await reported('2026-11-22');
    const answer = await runTask({ kind: 'restate', billingDay: DAY }, office.surroundings());
    expect(statuses(answer)).toEqual(['2026-11-22 already-delivered']);
    expect(answer.restated).toEqual([]);
    expect(office.told).toEqual([]);
  });

  test('that mails once more tells no further report', async () => {
    await reported('2026-11-22');
    const task = { kind: 'resend', billingDay: DAY, reason: 'never arrived' } as const;
    const answer = await runTask(task, office.surroundings());
    expect(statuses(answer)).toEqual(['2026-11-22 delivered']);
    expect(answer.restated).toEqual([]);
    expect(office.told).toEqual([]);
    expect((await office.mails()).at(-1)?.text).toContain('never arrived');
  });
});

describe('a morning', () => {
  test('on an empty archive reports yesterday alone', async () => {
    expect(statuses(await morning())).toEqual(['2026-11-22 delivered']);
    expect(office.takeAsked()).toEqual(['2026-11-22']);
  });

  test('looks back, makes up for what was missed, the oldest first, and reports yesterday last', async () => {
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
    expect(office.told).toEqual(['2026-11-19 restated as revision 2', ...statuses(answer)]);
    const subjects = (await office.mails()).map(({ subject }) => /\d{4}-\d\d-\d\d/.exec(subject ?? '')?.[0]);
    expect(subjects).toEqual(['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22']);
  });

  test('whose day is archived already asks SignalWire for nothing', async () => {
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

  test('reads missed days by the zone that is set', async () => {
    office.settings = { ...office.settings, timeZone: 'Asia/Tokyo' };
    await reported('2026-11-20');
    await runTask(
      { kind: 'scheduled', billingDay: billingDay('2026-11-22', 'Asia/Tokyo') },
      office.surroundings(),
    );
    expect((await office.manifest('2026-11-21')).timeZone).toBe('Asia/Tokyo');
  });
});

describe('a day that fails', () => {
  test('keeps no other from being reported; the run fails for it at its end', async () => {
    await reported('2026-11-19');
    office.unreadable.set('2026-11-20', UNAVAILABLE);
    await expect(morning()).rejects.toMatchObject({
      name: 'SignalWireUnavailableError',
      message:
        '1 of 3 days could not be reported. 2026-11-20: SignalWireUnavailableError: Try later. ' +
        'Reported: 2026-11-21, 2026-11-22.',
    });
    expect(office.told).toEqual([
      '2026-11-20 still missed: SignalWireUnavailableError: Try later.',
      '2026-11-21 delivered',
      '2026-11-22 delivered',
    ]);
  });

  test('where it is yesterday leaves the missed ones reported, and is told by the error alone', async () => {
    await reported('2026-11-20');
    office.unreadable.set('2026-11-22', UNAVAILABLE);
    await expect(morning()).rejects.toMatchObject({
      message: expect.stringMatching(/^1 of 2 days .* 2026-11-22: .* Reported: 2026-11-21\.$/),
    });
    expect(office.told).toEqual(['2026-11-21 delivered']);
  });

  test('as its archive can’t be read keeps no other from being reported', async () => {
    await reported('2026-11-20');
    await office.store.put(manifestKey('2026-11-22'), Buffer.from('{}'), 'application/json', 'absent');
    await expect(morning()).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringMatching(/^1 of 2 days .* 2026-11-22: ArchiveError: .* Reported: 2026-11-21\.$/),
    });
    expect(office.takeAsked()).toEqual(['2026-11-21']);
  });

  test('as what is kept of its mails can’t be read keeps no other from being reported', async () => {
    await reported('2026-11-20');
    const claim = `${emailsPrefix('2026-11-21')}claim-1.json`;
    await office.store.put(claim, Buffer.from('{}'), 'application/json', 'absent');
    await expect(morning()).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringMatching(/^1 of 2 days .* 2026-11-21: ArchiveError: .* Reported: 2026-11-22\.$/s),
    });
  });

  test('that is the only one fails the run by itself', async () => {
    office.unreadable.set('2026-11-22', UNAVAILABLE);
    await expect(morning()).rejects.toBe(UNAVAILABLE);
    expect(office.told).toEqual([]);
  });
});

describe('the time of a morning', () => {
  test('with 900 s: without missed days the look back leaves a third to yesterday', async () => {
    await reported('2026-11-21');
    await morning();
    expect(office.asked).toEqual([
      { date: '2026-11-21', remainingMs: 600_000 },
      { date: '2026-11-22', remainingMs: 900_000 },
    ]);
  });

  test('with 900 s: where days were missed the look back leaves two thirds, and each of them half of the rest, the last one all', async () => {
    await reported('2026-11-19');
    await morning();
    expect(office.asked).toEqual([
      { date: '2026-11-19', remainingMs: 300_000 },
      // Of 900 s a third is yesterday's; half of the other two thirds is this day's, and what is left the last one's.
      { date: '2026-11-20', remainingMs: 300_000 },
      { date: '2026-11-21', remainingMs: 600_000 },
      { date: '2026-11-22', remainingMs: 900_000 },
    ]);
  });

  test('that a missed day took is gone for the next one, and never yesterday’s third', async () => {
    await reported('2026-11-19');
    const surroundings = office.surroundings();
    await runTask(
      { kind: 'scheduled', billingDay: DAY },
      {
        ...surroundings,
        observer: {
          ...surroundings.observer,
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
