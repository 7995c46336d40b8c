import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isNumberText, parseExactJson } from '../../../lambda/signalwire/exact-json.ts';

describe('a number', () => {
  test.each([
    '0.10',
    '0.1435',
    '12345678901234567890',
    '0.12345678901234567890',
    '9007199254740993',
    '-0.05',
    '-0',
    '1e-7',
    '1E+3',
    '1e400',
    '1e999999999',
  ])('keeps its text: %s', (text) => {
    const value = parseExactJson(text);
    expect(isNumberText(value)).toBe(true);
    expect(value).toMatchObject({ rawJSON: text });
    expect(JSON.stringify(value)).toBe(text);
  });

  test('keeps its text at any depth', () => {
    const text = '{"charge":0.10,"details":[1.0,{"more":[2e0]}],"0":-0}';
    expect(JSON.stringify(parseExactJson(text))).toBe(
      '{"0":-0,"charge":0.10,"details":[1.0,{"more":[2e0]}]}',
    );
  });

  test('keeps its text, whatever its digits are', () => {
    const digits = (from: number, to: number): fc.Arbitrary<string> =>
      fc.stringMatching(new RegExp(`^[0-9]{${from},${to}}$`));
    const number = fc
      .tuple(fc.boolean(), fc.bigInt({ min: 0n }), fc.option(digits(1, 40)), fc.option(digits(1, 4)))
      .map(
        ([negative, whole, fraction, exponent]) =>
          `${negative ? '-' : ''}${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e-${exponent}`}`,
      );
    fc.assert(
      fc.property(fc.array(number), (numbers) => {
        const text = `{"charges":[${numbers.join(',')}]}`;
        expect(JSON.stringify(parseExactJson(text))).toBe(text);
      }),
    );
  });
});

describe('a value that is not a number', () => {
  test.each([['"0.10"'], ['true'], ['null'], ['[]'], ['{}'], ['{"rawJSON":"0.10"}']])(
    'is not mistaken for one: %s',
    (text) => {
      const value = parseExactJson(text);
      expect(isNumberText(value)).toBe(false);
      expect(value).toEqual(JSON.parse(text));
    },
  );

  test('is read as JSON.parse reads it, including half surrogate pairs', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseExactJson(text))).toBe(text);
      }),
    );
    expect(parseExactJson('"\\ud83d"')).toBe('\ud83d');
  });

  test('never changes a prototype, whatever its fields are called', () => {
    const value = parseExactJson('{"__proto__":{"charge":"1"},"constructor":"c"}') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect('charge' in value).toBe(false);
    expect('charge' in {}).toBe(false);
  });
});

test.each([
  '',
  ' ',
  'Infinity',
  '-Infinity',
  'NaN',
  '+1',
  '01',
  '1.',
  '.5',
  '0x10',
  '1,5',
  '{"a":1',
  '[1,]',
  '<html>',
])('text that is not JSON is refused: %j', (text) => {
  expect(() => parseExactJson(text)).toThrow(SyntaxError);
});
