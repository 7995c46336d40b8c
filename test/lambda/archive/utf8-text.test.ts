import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Utf8Text } from '../../../lambda/archive/utf8-text.ts';
import { viewOf } from '../../../lambda/four-bytes.ts';
import { writeAmount } from '../../../lambda/money/amount.ts';
import { textOf } from '../../support/plain-logs.ts';

/** What is appended of a text between others; null if it is not plain. */
function plainIn(text: string): string | null {
  const out = new Utf8Text();
  out.append('>');
  const page = textOf(`,"${text}",`);
  if (!out.appendPlain(page, 2, page.bytes.length - 2)) {
    expect(out.take().toString()).toBe('>');
    return null;
  }
  return out.take().toString().slice(1);
}

describe('text that is built piece by piece', () => {
  test('takes plain text unchanged, and refuses any other', () => {
    const unit = fc.oneof(
      { weight: 20, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }) },
      fc.constantFrom(
        ',',
        '"',
        '\n',
        '\r',
        '\u0001',
        '\0',
        '\u001f',
        '\u007f',
        'ü',
        '␊',
        '🎥',
        ' ',
        '!',
        '#',
        '+',
        '-',
      ),
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 14 }), (text) => {
        expect(plainIn(text)).toBe(/^[ !#-+\--\u007f]*$/.test(text) ? text : null);
      }),
      { numRuns: 5000 },
    );
  });

  test('writes decimals like the slow writeAmount', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999_999_999_999_999 }), fc.integer({ min: 2, max: 15 }), (units, places) => {
        const out = new Utf8Text();
        out.appendDecimal(units, places);
        expect(out.take().toString()).toBe(writeAmount({ units: BigInt(units), places }));
      }),
      { numRuns: 2000 },
    );
  });

  test('is complete, however long it gets', () => {
    const out = new Utf8Text();
    const expected: string[] = [];
    const [page, bytes] = [textOf('0123456789'), viewOf(Buffer.from('twelve bytes'))];
    const odd = 'a,b"\n\r,\u0001"';
    const oddPage = textOf(odd);
    for (let index = 0; index < 20_000; index += 1) {
      const start = out.length;
      out.append(`${index}ü`);
      const end = out.length;
      out.appendByte(0x3a);
      out.appendBytes(bytes);
      out.repeat(start, end);
      out.appendPlain(page, index % 10, 10);
      out.appendAsIs(oddPage, index % 9, 9);
      out.appendDecimal(index, 2);
      const decimal = writeAmount({ units: BigInt(index), places: 2 });
      expected.push(
        `${index}ü:twelve bytes${index}ü${'0123456789'.slice(index % 10)}${odd.slice(index % 9)}${decimal}`,
      );
    }
    expect(out.take().toString()).toBe(expected.join(''));
    expect(out.take()).toHaveLength(0);
  });
});
