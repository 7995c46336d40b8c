import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HEADER, readLineItems, rowOf } from '../../../lambda/archive/line-items-csv.ts';
import { LINE_ITEM_COLUMNS, type LineItem } from '../../../lambda/charges/line-item.ts';
import { closedBooks } from '../../support/books.ts';
import { sessionLog } from '../../support/logs.ts';

const {
  lineItems: [ITEM],
} = await closedBooks([sessionLog('log')]);

function itemWith(texts: Partial<LineItem>): LineItem {
  if (ITEM === undefined) throw new Error('The log has no line item');
  return { ...ITEM, ...texts };
}

describe('line-items.csv', () => {
  test('of a day without charges is only its header', async () => {
    expect((await closedBooks([])).bytes.toString()).toBe(`${LINE_ITEM_COLUMNS.join(',')}\r\n`);
  });

  test.each([
    ['two\r\nlines', 'two␍␊lines'],
    ['=1+1', '=1+1'],
    ['-1', '-1'],
    ['say "hi", you', '"say ""hi"", you"'],
    ['back\\slash', 'back\\slash'],
    ['␊ as it is, ␍ and ␛', '"␛␊ as it is, ␛␍ and ␛␛"'],
  ])('writes the text %j as %s', (text, cell) => {
    expect(rowOf(itemWith({ x_RoomName: text }))).toContain(`,${cell},completed,`);
  });

  test('never has a line break within a row, and reads back as it was written', () => {
    const text = fc
      .string({
        unit: fc.oneof(
          fc.constantFrom('\r', '\n', '\u0001', '␊', '␍', '␁', '␛', '"', ',', "'", '\\'),
          fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        ),
      })
      .map((value) => value.toWellFormed());
    fc.assert(
      fc.property(fc.array(fc.record({ x_RoomName: text, x_Url: text })), (rows) => {
        const items = rows.map(itemWith);
        const csv = HEADER + items.map(rowOf).join('');
        expect(csv.split(/\r\n|\r|\n/)).toHaveLength(rows.length + 2);
        expect(readLineItems(csv)).toEqual(items);
      }),
    );
  });
});
