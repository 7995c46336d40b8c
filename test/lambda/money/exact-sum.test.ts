import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ExactSum } from '../../../lambda/money/exact-sum.ts';
import { type Amount, readAmount, readAmountAt, writeAmount } from '../../../lambda/money/amount.ts';
import { formatExact, type Money, parseMoney, ZERO } from '../../../lambda/money/money.ts';

const digits = (from: number, to: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[0-9]{${from},${to}}$`));

/** Texts that look like amounts; most of them are. */
const amountText = fc
  .tuple(
    fc.constantFrom('', '', '', '-', '+'),
    fc.oneof(fc.constantFrom('0', '1', '12', '007', ''), digits(1, 25)),
    fc.oneof(
      fc.constantFrom('', '', '.', '.1', '.10', '.01', '.0', '.00'),
      digits(1, 25).map((text) => `.${text}`),
    ),
    fc.constantFrom('', '', '', '', 'e2', 'E-7', 'e+3', 'e', 'e99999999999', 'e999'),
    fc.constantFrom('', '', '', '', '', ' ', '\n', 'x'),
  )
  .map((parts) => parts.join(''));

const amount = amountText.map(readAmount).filter((found) => found !== null);

/** Reads an amount from bytes that are surrounded by others, and writes it again. */
function exactAmount(text: string): string | null {
  const bytes = Buffer.from(`1${text}1`);
  const found = readAmountAt(bytes, 1, bytes.length - 1);
  return found && writeAmount(found);
}

function slowly(text: string): string | null {
  const money = parseMoney(text);
  return money === null ? null : formatExact(money);
}

function sumOf(amounts: readonly Amount[]): ExactSum {
  const sum = new ExactSum();
  for (const each of amounts) sum.add(each);
  return sum;
}

/** The amount of a plain decimal text of any length. */
function partsOf(text: string): Amount {
  return { units: BigInt(text.replace('.', '')), places: text.length - text.indexOf('.') - 1 };
}

function slowSum(amounts: readonly Amount[]): Money {
  return amounts.reduce((sum: Money, each) => sum.plus(writeAmount(each)), ZERO);
}

describe('an amount in full', () => {
  test('is the same whether it is read fast or by parseMoney', () => {
    fc.assert(
      fc.property(fc.oneof(amountText, fc.string()), (text) => {
        expect(exactAmount(text)).toBe(slowly(text));
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['0', '0.00'],
    ['5', '5.00'],
    ['0.5', '0.50'],
    ['0.50', '0.50'],
    ['0.500', '0.50'],
    ['0.1435', '0.1435'],
    ['-0', '0.00'],
    ['-2', '-2.00'],
    ['00.5', '0.50'],
    ['123456789012345', '123456789012345.00'],
    ['1234567890123456.5', '1234567890123456.50'],
    ['0.1230', '0.123'],
    ['.5', null],
    ['1.2.3', null],
    ['1234567890.12', '1234567890.12'],
    ['-0.0000001', '-0.0000001'],
    ['1\n', null],
    ['1.', null],
    ['', null],
  ])('is written for %j as %j', (text, written) => {
    expect(exactAmount(text)).toBe(written);
  });
});

describe('an exact sum', () => {
  test('equals the sum of decimal numbers, in any order', () => {
    fc.assert(
      fc.property(fc.array(amount), (amounts) => {
        const expected = formatExact(slowSum(amounts));
        expect(formatExact(sumOf(amounts).value)).toBe(expected);
        expect(formatExact(sumOf(amounts.toReversed()).value)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('equals its own amount and no other', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 4 }), amount, (amounts, other) => {
        const sum = sumOf(amounts);
        expect(sum.equals(partsOf(formatExact(slowSum(amounts))))).toBe(true);
        expect(sum.equals(other)).toBe(slowSum(amounts).eq(writeAmount(other)));
      }),
    );
  });

  test('of nothing is zero', () => {
    expect(formatExact(new ExactSum().value)).toBe('0.00');
    expect(new ExactSum().equals({ units: 0n, places: 2 })).toBe(true);
  });

  test('loses no digit, however far apart its digits are', () => {
    const texts = ['12345678901234567890.12', `0.${'0'.repeat(50)}1`, '-12345678901234567890.00'];
    const sum = sumOf(texts.map(partsOf));
    expect(formatExact(sum.value)).toBe(`0.12${'0'.repeat(48)}1`);
  });
});
