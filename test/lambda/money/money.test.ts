import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  formatExact,
  formatQuotient,
  formatRounded,
  type Money,
  parseArchived,
  parseMoney,
  percentChange,
  percentOf,
  ZERO,
} from '../../../lambda/money/money.ts';

function money(text: string): Money {
  const amount = parseMoney(text);
  if (amount === null) throw new Error(`${text} is not an amount`);
  return amount;
}

function sum(texts: readonly string[]): string {
  return formatExact(texts.map(money).reduce((total, amount) => total.plus(amount), ZERO));
}

describe('an exact amount', () => {
  test.each([
    ['0.1435', '0.1435'],
    ['0.10', '0.10'],
    ['5', '5.00'],
    ['5.1', '5.10'],
    ['0', '0.00'],
    ['-0', '0.00'],
    ['-0.0', '0.00'],
    ['-2.5', '-2.50'],
    ['1e-7', '0.0000001'],
    ['1E3', '1000.00'],
    ['-1.5e-3', '-0.0015'],
    ['12345678901234567890.12', '12345678901234567890.12'],
    ['0.00000000000000000001', '0.00000000000000000001'],
    ['1e400', `1${'0'.repeat(400)}.00`],
    ['007', '7.00'],
  ])('%s is written as %s', (text, written) => {
    expect(formatExact(money(text))).toBe(written);
  });

  test.each(['', ' ', '1,5', '1.', '.5', '+1', '1e', 'e1', '0x10', 'NaN', 'Infinity', '1 ', '1e99999', '١'])(
    'is not read from %j',
    (text) => {
      expect(parseMoney(text)).toBeNull();
    },
  );

  test('of a tenth, added a thousand times, is a hundred', () => {
    expect(sum(Array.from({ length: 1000 }, () => '0.1'))).toBe('100.00');
  });

  test('keeps what a float would lose', () => {
    expect(sum(['12345678901234567890.12', '0.0000001', '-12345678901234567890'])).toBe('0.1200001');
  });

  test('is added up as whole numbers are, in any order', () => {
    // An independent computation: the same digits as integers of 10^-12.
    const scaled = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(fc.array(scaled), (amounts) => {
        const expected = amounts.reduce((total, amount) => total + amount, 0n);
        const texts = amounts.map(fromScaled);
        expect(sum(texts)).toBe(formatExact(money(fromScaled(expected))));
        expect(sum(texts.toReversed())).toBe(sum(texts));
      }),
    );
  });
});

describe('an amount for people', () => {
  test.each([
    ['123.445', 'USD', '$123.45'],
    ['123.4449999999999999999', 'USD', '$123.44'],
    ['2.675', 'USD', '$2.68'],
    ['1.005', 'USD', '$1.01'],
    ['-0.005', 'USD', '-$0.01'],
    ['-0.004', 'USD', '$0.00'],
    ['0', 'USD', '$0.00'],
    ['1234567.8', 'USD', '$1,234,567.80'],
    ['12345678901234567890.125', 'USD', '$12,345,678,901,234,567,890.13'],
    ['99.5', 'JPY', '¥100'],
    ['1.0005', 'KWD', 'KWD\u00a01.001'],
    ['12.3', 'EUR', '€12.30'],
  ])('%s in %s is written as %s', (text, currency, written) => {
    expect(formatRounded(money(text), currency)).toBe(written);
  });
});

describe('a change in percent', () => {
  test.each([
    // Total, sum of seven days, change in percent.
    ['108', '700', '8'],
    ['100', '700', '0'],
    ['99.6', '700', '0'],
    ['99.5', '700', '-1'],
    ['100.5', '700', '1'],
    ['0', '700', '-100'],
    ['300', '0.07', '2999900'],
    ['-5', '700', '-105'],
    ['5', '0', null],
    ['5', '-7', null],
  ])('from the average of 7 days is, for %s against their sum of %s, %j', (total, week, percent) => {
    expect(percentChange(money(total), money(week), 7)).toBe(percent);
  });
});

test('an invalid amount in the archive is refused, not taken for zero', () => {
  expect(() => parseArchived('n/a')).toThrow('"n/a"');
});

function fromScaled(amount: bigint): string {
  const digits = String(amount < 0n ? -amount : amount).padStart(13, '0');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -12)}.${digits.slice(-12)}`;
}

describe('a quotient', () => {
  test.each([
    ['1.00', 3, 'USD', '$0.33'],
    ['0.35', 7, 'USD', '$0.05'],
    ['0.07', 2, 'USD', '$0.04'],
    ['-0.07', 2, 'USD', '-$0.04'],
    ['0.0699999999999999999999999999', 2, 'USD', '$0.03'],
    ['-0.004', 1, 'USD', '$0.00'],
    ['12345678901234567890.12', 4, 'USD', '$3,086,419,725,308,641,972.53'],
    ['5', 2, 'JPY', '¥3'],
  ])('%s / %i in %s is %s: divided exactly, rounded once', (dividend, divisor, currency, shown) => {
    expect(formatQuotient(money(dividend), divisor, currency)).toBe(shown);
  });

  test('of a multiple of an amount is that amount', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 400 }), (cents, divisor) => {
        const amount = money((cents / 100).toFixed(2));
        expect(formatQuotient(amount.times(String(divisor)), divisor, 'USD')).toBe(
          formatRounded(amount, 'USD'),
        );
      }),
    );
  });
});

test.each([
  ['82.50', '100', '83'],
  ['82.49', '100', '82'],
  ['-0.004', '1', '0'],
  ['10', '4', '250'],
  ['10', '0', null],
  ['10', '-4', null],
])('%s of %s are %s percent', (amount, whole, percent) => {
  expect(percentOf(money(amount), money(whole))).toBe(percent);
});
