import { describe, expect, test } from '@jest/globals';
import { formatExact, parseMoney, ZERO } from '../../../lambda/money/money.ts';

function written(text: string): string | null {
  const amount = parseMoney(text);
  return amount === null ? null : formatExact(amount);
}

const NINES = '9'.repeat(500);

describe('an amount of a thousand digits', () => {
  test.each([
    ['before the point', '9'.repeat(1000), `${'9'.repeat(1000)}.00`],
    ['on both sides of it', `${NINES}.${NINES}`, `${NINES}.${NINES}`],
    ['with its exponent', '1e999', `1${'0'.repeat(999)}.00`],
    ['with its negative exponent', '1e-999', `0.${'0'.repeat(998)}1`],
  ])('%s is read completely', (_where, text, plain) => {
    expect(written(text)).toBe(plain);
  });
});

test.each([
  ['before the point', '9'.repeat(1001)],
  ['on both sides of it', `${NINES}.${NINES}9`],
  ['behind it', `0.${'9'.repeat(1000)}`],
  ['with its exponent', '1e1000'],
  ['with its negative exponent', '1e-1000'],
  ['with all three', `${NINES}.${'9'.repeat(499)}e2`],
])('an amount with one digit more %s is refused', (_where, text) => {
  expect(parseMoney(text)).toBeNull();
});

test('floats can’t be used in calculations with amounts', () => {
  const [amount, float] = [parseMoney('0.30'), 0.1 + 0.2];
  expect(() => ZERO.plus(float)).toThrow('Invalid value');
  expect(() => amount?.minus(float)).toThrow('Invalid value');
  expect(amount?.eq('0.3')).toBe(true);
});

// At least two digits; beyond them, no zero is cut off or added.
test.each([
  ['1.2', '1.20'],
  ['1.23', '1.23'],
  ['1.234', '1.234'],
  ['-0.5e-1', '-0.05'],
  ['-0e5', '0.00'],
])('%s is written as %s', (text, plain) => {
  expect(written(text)).toBe(plain);
});
