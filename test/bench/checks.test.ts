import { hash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { type ArchivedRun, scanLineItems, tenThousandths } from '../../bench/archived-run.ts';
import { judge } from '../../bench/checks.ts';
import type { Measurement } from '../../bench/clients/measured.ts';
import type { ExactTotals } from '../../bench/day.ts';

const totals: ExactTotals = { logs: 2, details: 3, charge: '15001', rooms: { alpha: '10000', beta: '5001' } };

const lineItems = Buffer.from('BilledCost,x_LogId\r\n1.00,a\r\n0.50,b\r\n0.0001,b\r\n');

function measured(finding: Pick<Measurement, 'charge' | 'roomCharges'>): Measurement {
  return { seconds: 1, cpuSeconds: 1, peakRssMb: 1, ...finding };
}

test('a right sum has no problems', () => {
  const measurement = measured({
    charge: '1.5001',
    roomCharges: 'room_name,charge\r\nalpha,1.00\r\nbeta,0.5001\r\n',
  });
  expect(judge({ measurement, archived: null }, totals)).toEqual({ wrongBy: null, problems: [] });
});

test('a wrong sum is reported with its difference in dollars', () => {
  const verdict = judge({ measurement: measured({ charge: '1.50' }), archived: null }, totals);
  expect(verdict).toEqual({ wrongBy: '-0.0001', problems: [] });
});

test('two rooms with swapped charges are found, although the sum is right', () => {
  const roomCharges = 'room_name,charge\r\nalpha,0.5001\r\nbeta,1.00\r\n';
  const { wrongBy, problems } = judge(
    { measurement: measured({ charge: '1.5001', roomCharges }), archived: null },
    totals,
  );
  expect(wrongBy).toBeNull();
  expect(problems).toEqual(['alpha is said to cost 0.5001', 'beta is said to cost 1.00']);
});

test('line items are counted and summed from the file', () => {
  expect(scanLineItems(lineItems)).toEqual({
    sha256: hash('sha256', lineItems),
    bytes: 46,
    rows: 3,
    billed: '15001',
  });
  expect(scanLineItems(Buffer.from('BilledCost,x_LogId\r\n'))).toMatchObject({ rows: 0, billed: '0' });
});

test('an archive is compared with the totals and with its own manifest', () => {
  const roomCharges = 'room_name,charge\r\nalpha,1.00\r\nbeta,0.5001\r\n';
  const files = [
    { key: 'room-charges/day=2025-11-22/room-charges.csv', sha256: hash('sha256', roomCharges), rows: 2 },
    { key: 'line-items/day=2025-11-22/line-items.csv', sha256: hash('sha256', lineItems), rows: 3 },
  ];
  const archived: ArchivedRun = {
    manifest: JSON.stringify({ charge: '1.5001', sessions: 2, files }),
    roomCharges,
    lineItems: scanLineItems(lineItems),
    mails: 1,
  };
  const measurement = measured({ charge: '1.5001' });
  expect(judge({ measurement, archived }, totals).problems).toEqual([]);
  const cut = { ...archived, lineItems: scanLineItems(lineItems.subarray(0, -10)), mails: 2 };
  expect(judge({ measurement, archived: cut }, totals).problems).toEqual([
    expect.stringMatching(/^hash of line-items\.csv: /),
    'rows of line-items.csv: 2 instead of 3',
    'sum of line-items.csv: 15000 instead of 15001',
    'mails: 2 instead of 1',
  ]);
});

test('an amount finer than a ten-thousandth is refused', () => {
  expect(tenThousandths('-12.5')).toBe(-125_000n);
  expect(tenThousandths('0.10000')).toBe(1000n);
  expect(() => tenThousandths('0.00001')).toThrow('"0.00001" is not an amount in ten-thousandths');
});
