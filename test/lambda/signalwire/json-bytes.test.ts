import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endOfCharacters, endOfPlain, endOfValue } from '../../../lambda/signalwire/json-bytes.ts';
import { PageText } from '../../../lambda/signalwire/page-text.ts';
import { changed } from './log-texts.ts';

/** Whether a text is JSON, with no blanks around it. */
function isValue(text: string): boolean {
  try {
    JSON.parse(text);
    return !/^[ \n\r\t]|[ \n\r\t]$/.test(text);
  } catch {
    return false;
  }
}

/** The JSON value at the beginning of a text. */
function valueIn(text: string): string | null {
  const bytes = Buffer.from(`@${text}`);
  const end = endOfValue(bytes, 1);
  return end === -1 ? null : bytes.toString('utf8', 1, end);
}

describe('the end of a value', () => {
  test('is found in whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom('', ',', '}', ']', ' '), (value, after) => {
        const json = JSON.stringify(value);
        expect(valueIn(json + after)).toBe(json);
      }),
      { numRuns: 1000 },
    );
  });

  test('is never found in text that is not JSON', () => {
    const json = JSON.stringify({
      a: [1.5e-7, -0, true, false, null, { 'b"\\\u0001': 'ü🎥\n' }],
      c: {},
      d: [],
    });
    fc.assert(
      fc.property(changed(json, 2), (other) => {
        const found = valueIn(other);
        expect([other, found === null || isValue(found)]).toEqual([other, true]);
      }),
      { numRuns: 10_000 },
    );
  });

  test.each([
    ...[
      '',
      ' 1',
      '-',
      '01',
      '-01',
      '1.',
      '.5',
      '+1',
      '1e',
      '1e+',
      'tru',
      'truex'.slice(0, 3),
      'nul',
      'NaN',
      "'a'",
    ],
    ...['"', '"a', '"\\', '"\\"', '"\\x"', '"\\u12"', '"\\u12g4"', '"\n"', '"\u0000"'],
    ...[
      '[',
      '[1',
      '[1,',
      '[1,]',
      '[,]',
      '[1 2]',
      '{',
      '{"a"',
      '{"a":',
      '{"a":1',
      '{"a":1,}',
      '{a:1}',
      '{"a" 1}',
      '{1:1}',
    ],
    ...['['.repeat(9) + ']'.repeat(9)],
  ])('is not found in %j', (text) => {
    expect(valueIn(text)).toBeNull();
  });

  test.each([
    ['0', '0'],
    ['-0', '-0'],
    ['12.50,', '12.50'],
    ['1E+5]', '1E+5'],
    ['1e-999999}', '1e-999999'],
    ['"a\\"b\\u00e9\\\\"x', '"a\\"b\\u00e9\\\\"'],
    ['"\u007f\u0080"', '"\u007f\u0080"'],
    ['[]x', '[]'],
    ['{}x', '{}'],
    ['{"": [1, {"a":null}]}x', '{"": [1, {"a":null}]}'],
    ['['.repeat(8) + ']'.repeat(8), '['.repeat(8) + ']'.repeat(8)],
  ])('that begins %j is the end of %j', (text, value) => {
    expect(valueIn(text)).toBe(value);
  });
});

/** Where the characters end: of any string without escapes, and of a plain one. */
function endsIn(text: Buffer): [number, number] {
  const { bytes, view } = new PageText(text);
  return [endOfCharacters(bytes, 0), endOfPlain(bytes, view, 0)];
}

test.each([
  ['abc"d', 3, 3],
  ['"', 0, 0],
  ['abcdefgh"', 8, 8],
  ['abcdefgh",', 8, 8],
  ['abcd\u007f"', 5, 5],
  ['ab,d"', 4, -1],
  ['abcdefg,"', 8, -1],
  ['ü🎥"', 6, -1],
  ['abcd\u0080"', 6, -1],
  ['a\\"', -1, -1],
  ['a\n"', -1, -1],
  ['abc', -1, -1],
  ['abcdefgh', -1, -1],
])('the characters of %j end at %i, if plain at %i', (text, end, plainEnd) => {
  expect(endsIn(Buffer.from(text))).toEqual([end, plainEnd]);
});

test('characters end at the first quote, unless something before it ends them otherwise', () => {
  const byte = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0x20, max: 0x7f }) }, fc.nat(0xff));
  const ends = (value: number): boolean => value < 0x20 || value === 0x22 || value === 0x5c;
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 40 }), fc.array(byte, { maxLength: 40 }), (before, after) => {
      const text = Buffer.from([...before.map((value) => (ends(value) ? 0x61 : value)), ...after]);
      const end = text.findIndex(ends);
      const isPlain = text.subarray(0, end).every((value) => value !== 0x2c && value < 0x80);
      const expected = text[end] === 0x22 ? end : -1;
      expect(endsIn(text)).toEqual([expected, isPlain ? expected : -1]);
    }),
    { numRuns: 2000 },
  );
});
