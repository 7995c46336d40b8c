import { describe, expect, test } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { HEADER, readLineItems, rowOf, streamLineItems } from '../../../lambda/archive/line-items-csv.ts';
import { LINE_ITEM_COLUMNS, type LineItem } from '../../../lambda/charges/line-item.ts';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import { closedBooks } from '../../support/books.ts';
import { sessionLog } from '../../support/logs.ts';
import { onlyPage } from '../../support/pages.ts';

const SIGNS = [
  '\r',
  '\n',
  '\u0001',
  '␊',
  '␍',
  '␁',
  '␛',
  '"',
  ',',
  "'",
  '\\',
  ' ',
  '\t',
  '=',
  '\ufeff',
  '🎥',
  '\0',
];
const text = fc
  .string({ unit: fc.oneof(fc.constantFrom(...SIGNS), fc.string({ unit: 'binary', maxLength: 1 })) })
  .map((value) => value.toWellFormed());

/** What stands for line breaks, and what stands for these signs themselves, so that a reader can distinguish them. */
const SIGN_OF = new Map([
  ['\n', '␊'],
  ['\r', '␍'],
  ['\u0001', '␁'],
  ['␊', '␛␊'],
  ['␍', '␛␍'],
  ['␁', '␛␁'],
  ['␛', '␛␛'],
]);

/** The file as the slow CSV library writes it: the definition of the rows. */
function written(items: readonly LineItem[]): string {
  return stringify([...items], {
    columns: [...LINE_ITEM_COLUMNS],
    header: true,
    record_delimiter: '\r\n',
    cast: { string: (value) => Array.from(value, (sign) => SIGN_OF.get(sign) ?? sign).join('') },
  });
}

const item = fc.record(
  Object.fromEntries(LINE_ITEM_COLUMNS.map((column) => [column, text])),
) as fc.Arbitrary<LineItem>;

/** Most texts of SignalWire need no quotes or signs, and are written in a faster way; one odd sign must be noticed. */
const sent = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z -~]{0,12}$/) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat({ max: 9 }), fc.constantFrom(',', 'ü', '␊', '␍', '␁', '␛', '\u007f'), fc.nat({ max: 9 }))
      .map(([before, sign, after]) => 'a'.repeat(before) + sign + 'b'.repeat(after)),
  },
  { weight: 1, arbitrary: text },
);

const instant = fc
  .date({ min: new Date('2026-11-01T00:00:00Z'), max: new Date('2027-01-02T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().replace('.000Z', 'Z'));
const details = fc.oneof(
  fc.constant([]),
  fc.array(fc.record({ description: sent, charge: fc.constantFrom('0.10', '1') }), { maxLength: 2 }),
  fc.jsonValue(),
);
const log = fc
  .record({
    charge: fc.constantFrom('0.10', '1.1', '2', '"0.1435"', '-1e-3'),
    room: fc.option(sent),
    status: sent,
    createdAt: instant,
    startedAt: fc.option(instant),
    endedAt: fc.option(instant),
    more: fc.record({
      url: fc.option(sent),
      type: sent,
      source: sent,
      locked: fc.option(fc.boolean()),
      charge_details: details,
    }),
  })
  .map((options, name = JSON.stringify(options)): SignalWireLog => sessionLog(name, options));

describe('the rows of line-items.csv', () => {
  test('are what the CSV library writes, whatever is carried forward', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 4 }), (items) => {
        expect(HEADER + items.map(rowOf).join('')).toBe(written(items));
      }),
    );
  });

  test('are what the CSV library writes, whatever SignalWire sends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(log, { selector: ({ json }) => json, maxLength: 5 }), async (logs) => {
        const { bytes, lineItems } = await closedBooks(logs);
        expect(bytes.toString()).toBe(written(lineItems));
        expect(bytes.toString().split(/\r\n|\r|\n/)).toHaveLength(lineItems.length + 2);
      }),
      { numRuns: 300 },
    );
  });

  describe.each([',', 'ü', '␊', '␛', '\u007f'])('are right if there is a %j', (sign) => {
    const members = [
      ['id', 'x_LogId'],
      ['type', 'x_LogType'],
      ['source', 'x_Source'],
      ['room_name', 'x_RoomName'],
      ['status', 'x_Status'],
      ['url', 'x_Url'],
    ] as const;
    const texts = [`${sign}abcdefgh`, `abcd${sign}efgh`, `abcdefg${sign}`, sign];
    test.each(members)('in a log’s %s', async (member, column) => {
      const logs = ['first', 'plain', ...texts].map((value) =>
        sessionLog(value, { more: { url: 'https://x', [member]: value } }),
      );
      const page = onlyPage(logs);
      if ('problem' in page) throw new Error(page.problem);
      const isPlain = Array.from(page.logs, (log) => 'asSent' in log && log.asSent.isPlain);
      // Whether the first one is of a known shape depends on the pages before.
      expect(isPlain.slice(1)).toEqual([true, ...texts.map(() => sign === '\u007f')]);
      const { bytes, lineItems } = await closedBooks(logs);
      expect(bytes.toString()).toBe(written(lineItems));
      const values = lineItems.map((row) => row[column]);
      expect(values.sort()).toEqual(['first', 'plain', ...texts].sort());
    });
  });

  test('are the same for the same logs, in whatever order they come and however they are written', async () => {
    const odd = { charge_details: { '2': 'b', '1': 'a', x: 1 } };
    const logs = Array.from({ length: 4 }, (_, index) => sessionLog(index, { more: odd }));
    // Parsed objects list names that are whole numbers first.
    const written = logs.map(({ json, ...rest }) => ({
      ...rest,
      json: json.replace('{"1":"a","2":"b"', '{ "2" : "b","1":"a"'),
    }));
    const { bytes } = await closedBooks(logs);
    expect(bytes.toString()).toContain('"{""1"":""a"",""2"":""b"",""x"":1}"');
    expect((await closedBooks(logs.toReversed())).bytes).toEqual(bytes);
    expect((await closedBooks(written)).bytes).toEqual(bytes);
    const tight = written.map(({ json, ...rest }) => ({
      ...rest,
      json: json.replace('{ "2" : "b"', '{"2":"b"'),
    }));
    expect((await closedBooks(tight)).bytes).toEqual(bytes);
  });
});

test('line items read back chunk by chunk are those of the whole file, wherever it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { maxLength: 3 }),
      fc.array(fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 3000 }))),
      async (items, lengths) => {
        const bytes = Buffer.from(HEADER + items.map(rowOf).join(''));
        const portions = await Array.fromAsync(streamLineItems(cut(bytes, lengths)));
        expect(portions.flat()).toEqual(readLineItems(bytes));
        expect(portions.flat()).toEqual(items);
      },
    ),
  );
});

/** Bytes in pieces of these lengths, then the rest. */
async function* cut(bytes: Buffer, lengths: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (const length of [...lengths, bytes.length]) {
    yield await Promise.resolve(bytes.subarray(at, at + length));
    at += length;
  }
}
