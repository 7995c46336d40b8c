import { expect, test } from '@jest/globals';
import { sessionLog, uuid } from '../../support/logs.ts';
import { openMorning } from '../../support/morning.ts';
import { servePages } from '../support/faults.ts';
import { CSV_HEADER, CSV_KEY, manifestOf, only, textOf } from '../support/observations.ts';
import { delivery, expectRecovery, failure, watch } from './support/outcome.ts';
import { expectedOf, inTurn } from './support/runs.ts';

test('a charge is read exactly as it is written, in whatever form', async () => {
  // Most expensive first, as in the file.
  const charges: readonly (readonly [json: string, exact: string])[] = [
    ['12345678901234567890.12', '12345678901234567890.12'],
    ['9007199254740993', '9007199254740993.00'],
    ['1.5e3', '1500.00'],
    ['7', '7.00'],
    ['0.12345678901234567891', '0.12345678901234567891'],
    ['0.10', '0.10'],
    ['"0.0050"', '0.005'],
    ['1e-7', '0.0000001'],
    ['"1E-8"', '0.00000001'],
    ['0', '0.00'],
    ['-0', '0.00'],
    ['"-0.005"', '-0.005'],
    ['-2.5E+1', '-25.00'],
  ];
  const what = 'charges';
  const rooms = charges.map((_, index) => `room ${String(index).padStart(2, '0')}`);
  const morning = await openMorning({
    logs: charges.map(([charge], index) => sessionLog(index, { charge, room: rooms[index] ?? '' })),
  });
  const outcome = watch(morning);

  const total = '12354686100489310365.34345689901234567891';
  const shown = '$12,354,686,100,489,310,365.34';
  expect(await outcome(what, await morning.invoke())).toEqual(
    delivery({ what, charge: total, shown, tries: 1 }),
  );
  const rows = charges.map(
    ([, exact], index) => `2026-11-22,127.0.0.1,${rooms[index]},1,0,600,${exact},USD\r\n`,
  );
  expect(morning.text(CSV_KEY)).toBe(CSV_HEADER + rows.join(''));
  expect(textOf(only(await morning.mails()))).toContain(`Exact total  ${total} USD`);
});

test('a charge of null means in progress until the session is completed, never zero', async () => {
  const what = 'nulls';
  const morning = await openMorning({
    logs: [
      sessionLog(1, { charge: 'null', status: 'in-progress', endedAt: null }),
      sessionLog(2, { charge: 'null', status: null }),
      sessionLog(3, { charge: 'null', status: 'archiving' }),
      sessionLog(4, { charge: '0.10' }),
    ],
  });
  const outcome = watch(morning);

  expect(await outcome(what, await morning.invoke())).toEqual(delivery({ what, charge: '0.10', tries: 1 }));
  expect(manifestOf(morning)).toMatchObject({ sessions: 4, inProgressSessions: 3 });
  expect(textOf(only(await morning.mails()))).toContain('3 sessions were still in progress');
});

test('a charge that is not a decimal number fails the day: it is never taken for zero', async () => {
  const charges = [
    '""',
    '" "',
    '"free"',
    '"1,5"',
    '"$1"',
    '"+1"',
    '"1e"',
    '"0x10"',
    '"NaN"',
    '"Infinity"',
    '"null"',
    '"١"',
    'true',
    'false',
    '[]',
    '[1]',
    '{}',
    '{"amount":1}',
    '{"rawJSON":"1"}',
    '1e999999999',
    '"-1e-999999999"',
  ];
  const bad = `log ${uuid(1)}`;
  const cases = [
    ...charges.map((charge) => [charge, charge, `${bad}: charge: .*is not a decimal number\\.`] as const),
    ['null, and completed', 'null', `${bad} is completed, but its charge is null\\.`] as const,
  ].map(([what, charge, problem]) => ({
    fault: servePages([[sessionLog('good')], [sessionLog(1, { charge })]]),
    expected: failure({
      what,
      error: 'SignalWireInvalidResponseError',
      says: new RegExp(
        `^A video log of 2026-11-22 can't be read: ${problem} Nothing was stored or mailed for the day.*show this message`,
      ),
      tries: 2,
      pages: 2,
    }),
  }));
  const morning = await openMorning({ logs: [sessionLog(1, { charge: '1.25' })] });

  expect(await inTurn(morning, cases)).toEqual(expectedOf(cases));
  await expectRecovery(morning, '1.25');
});
