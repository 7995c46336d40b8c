import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Utf8Text } from '../../../lambda/archive/utf8-text.ts';
import { viewOf } from '../../../lambda/four-bytes.ts';
import { writeAmount } from '../../../lambda/money/amount.ts';
import { AsSent, SLOTS } from '../../../lambda/signalwire/as-sent.ts';
import { textOf } from '../../support/plain-logs.ts';

/** The memory with which a text begins. */
const FIRST_MEMORY = 1 << 17;

describe('text that is built piece by piece', () => {
  test('holds its pieces one after the other, wherever in a page they stand', () => {
    const piece = fc.tuple(fc.string({ maxLength: 20 }), fc.nat({ max: 30 }), fc.nat({ max: 30 }));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const out = new Utf8Text();
        const expected = pieces.map(([text, cut, length]) => {
          const page = textOf(text);
          const from = Math.min(cut, page.bytes.length);
          const to = Math.min(from + length, page.bytes.length);
          out.appendAsIs(page, from, to);
          return page.bytes.subarray(from, to);
        });
        expect(out.take()).toEqual(Buffer.concat(expected));
      }),
      { numRuns: 2000 },
    );
  });

  test('writes whole numbers', () => {
    const out = new Utf8Text();
    for (const number of [0, 9, 10, 123]) out.appendWhole(number);
    expect(out.take().toString()).toBe('0910123');
  });

  test('writes decimals like the slow writeAmount', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999_999_999 }), fc.integer({ min: 2, max: 15 }), (units, places) => {
        const out = new Utf8Text();
        out.appendDecimal(units, places);
        expect(out.take().toString()).toBe(writeAmount({ units: BigInt(units), places }));
      }),
      { numRuns: 2000 },
    );
  });

  test('holds the fields of a log, each with a comma after it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (id, status, url) => {
        const out = new Utf8Text();
        const slots = [SLOTS.url, SLOTS.id, SLOTS.createdAt, SLOTS.status];
        out.appendCells(AsSent.of({ id, status, url }), slots);
        expect(out.take().toString()).toBe(Buffer.from(`${url},${id},,${status},`).toString());
      }),
    );
  });

  // Longer than the eight bytes that may be written beyond the end; more bytes follow it in its page.
  const text = 'twenty characters...';
  const page = textOf(`${text}and more behind it`);
  const log = AsSent.of({ id: text, json: 'more behind it' });
  test.each<[string, (out: Utf8Text) => void, string]>([
    [
      'cells',
      (out) => {
        out.appendCells(log, [SLOTS.id, SLOTS.id]);
      },
      `${text},${text},`,
    ],
    [
      'bytes of a page',
      (out) => {
        out.appendAsIs(page, 0, text.length);
      },
      text,
    ],
    [
      'all bytes of a view',
      (out) => {
        out.appendBytes(viewOf(Buffer.from(text)));
      },
      text,
    ],
    [
      'a repetition',
      (out) => {
        out.repeat(0, text.length);
      },
      'x'.repeat(text.length),
    ],
    [
      'a decimal',
      (out) => {
        out.appendDecimal(123_456_789, 15);
      },
      '0.000000123456789',
    ],
  ])('has room for %s, wherever its memory ends', (_what, append, appended) => {
    for (let free = 0; free <= 60; free += 1) {
      const out = new Utf8Text();
      const before = Buffer.alloc(FIRST_MEMORY - free, 'x');
      out.appendBytes(viewOf(before));
      append(out);
      const bytes = out.take();
      // Compared by hand: a failing toEqual would take minutes over so many bytes.
      expect(bytes.subarray(0, before.length).equals(before)).toBe(true);
      expect(bytes.toString('utf8', before.length)).toBe(appended);
    }
  });

  test('is complete, however long it gets', () => {
    const out = new Utf8Text();
    const expected: string[] = [];
    const [page, bytes] = [textOf('0123456789'), viewOf(Buffer.from('twelve bytes'))];
    const odd = 'a,b"\n\r,\u0001"';
    const oddPage = textOf(odd);
    const log = AsSent.of({ id: 'an id', status: 'done' });
    for (let index = 0; index < 20_000; index += 1) {
      const start = out.length;
      out.append(`${index}ü`);
      const end = out.length;
      out.appendByte(0x3a);
      out.appendBytes(bytes);
      out.repeat(start, end);
      out.appendAsIs(page, index % 10, 10);
      out.appendAsIs(oddPage, index % 9, 9);
      out.appendCells(log, [SLOTS.status, SLOTS.id]);
      out.appendDecimal(index, 2);
      const decimal = writeAmount({ units: BigInt(index), places: 2 });
      expected.push(
        `${index}ü:twelve bytes${index}ü${'0123456789'.slice(index % 10)}${odd.slice(index % 9)}done,an id,${decimal}`,
      );
    }
    expect(out.take().toString()).toBe(expected.join(''));
    expect(out.take()).toHaveLength(0);
  });
});
