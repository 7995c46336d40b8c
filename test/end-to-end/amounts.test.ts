import { describe, expect, test } from '@jest/globals';
import type { LinkStyle } from '../../local/signalwire-server.ts';
import { sessionLog } from '../support/logs.ts';
import { openMorning } from '../support/morning.ts';
import { arrangementsOf, servePages } from './support/faults.ts';
import {
  CSV_HEADER,
  CSV_KEY,
  datesAsked,
  DAY,
  LINES_KEY,
  only,
  reportOf,
  textOf,
} from './support/observations.ts';
import { SMALL_CSV, SMALL_DAY } from './support/small-day.ts';

describe('amounts', () => {
  test('of 0.1, a thousand times over several pages, add up to a hundred', async () => {
    const morning = await openMorning();
    const logs = Array.from({ length: 1000 }, (_, index) => sessionLog(index, { charge: '0.1' }));
    morning.cloud.signalWire.intercept = servePages([logs.slice(0, 1), logs.slice(1, 400), logs.slice(400)]);

    expect(await reportOf(morning)).toMatchObject({ charge: '100.00', sessions: 1000, rooms: 1 });
    expect(morning.text(CSV_KEY)).toBe(
      `${CSV_HEADER}2026-11-22,127.0.0.1,standup,1000,0,600000,100.00,USD\r\n`,
    );
    expect(only(await morning.mails()).subject).toBe('SignalWire video costs 2026-11-22: $100.00');
  });

  test('are rounded once, half up, from the exact sum', async () => {
    const logs = ['a', 'b', 'c'].map((room) => sessionLog(room, { room, charge: '0.335' }));
    const morning = await openMorning({ logs });
    await morning.run();

    const mail = only(await morning.mails());
    // Three times 0.34 would be 1.02; the sum is 1.005.
    expect(mail.subject).toBe('SignalWire video costs 2026-11-22: $1.01');
    expect(textOf(mail).match(/\$0\.34/g)).toHaveLength(3);
  });
});

test('the same logs result in the same bytes, in any order and on any pages', async () => {
  const arrangements = arrangementsOf(SMALL_DAY);
  const files = await Promise.all(
    arrangements.map(async (arrangement) => {
      const morning = await openMorning({ logs: SMALL_DAY });
      morning.cloud.signalWire.intercept = arrangement;
      await morning.run({ day: DAY, email: false });
      return { rooms: morning.text(CSV_KEY), lines: morning.text(LINES_KEY) };
    }),
  );

  const lines = files[0]?.lines;
  expect(files).toEqual(arrangements.map(() => ({ rooms: SMALL_CSV, lines })));
});

test.each<[LinkStyle]>([['absolute'], ['relative'], ['query-only']])(
  'pages are followed to the last one if their links are %s',
  async (links) => {
    const logs = Array.from({ length: 2001 }, (_, index) => sessionLog(index, { charge: '0.001' }));
    const morning = await openMorning({ logs, links });

    expect(await reportOf(morning)).toMatchObject({ charge: '2.001', sessions: 2001 });
    expect(datesAsked(morning)).toEqual([DAY, DAY, DAY]);
  },
);

describe('a day in another time zone', () => {
  const berlin = { BILLING_TIME_ZONE: 'Europe/Berlin' };

  test.each([
    {
      hours: 25,
      day: '2026-10-25',
      clock: '2026-10-26T06:00:00Z',
      inside: ['2026-10-24T22:00:00Z', '2026-10-25T22:59:59.999Z'],
      outside: ['2026-10-24T21:59:59.999Z', '2026-10-25T23:00:00Z'],
      dates: ['2026-10-25', '2026-10-24'],
    },
    {
      hours: 23,
      day: '2026-03-29',
      clock: '2026-03-30T06:00:00Z',
      inside: ['2026-03-28T23:00:00Z', '2026-03-29T21:59:59.999Z'],
      outside: ['2026-03-28T22:59:59.999Z', '2026-03-29T22:00:00Z'],
      dates: ['2026-03-29', '2026-03-28'],
    },
  ])(
    'of $hours hours is read completely, without logs of other days',
    async ({ day, clock, inside, outside, dates }) => {
      const logs = [
        ...inside.map((createdAt) => sessionLog(createdAt, { createdAt, charge: '1.25' })),
        ...outside.map((createdAt) => sessionLog(createdAt, { createdAt, charge: '100' })),
      ];
      const morning = await openMorning({ clock, logs, environment: berlin });

      expect(await reportOf(morning, {})).toMatchObject({ day, charge: '2.50', sessions: 2 });
      expect(datesAsked(morning)).toEqual(dates);
      expect(JSON.parse(morning.text(`manifests/day=${day}.json`))).toMatchObject({
        day,
        timeZone: 'Europe/Berlin',
      });
      expect(textOf(only(await morning.mails()))).toContain('Europe/Berlin');
    },
  );
});
