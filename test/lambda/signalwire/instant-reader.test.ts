import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InstantReader } from '../../../lambda/signalwire/instant-reader.ts';
import { textOf } from '../../support/plain-logs.ts';

/** Instants of a few dates, so that dates recur, or of any date, written in every way that the API may use. */
const instant = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('2026-11-22', '2026-11-23', '2026-02-28', '2028-02-29', '0001-01-01', '9999-12-31'),
      fc
        .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
    ),
    fc.nat({ max: 23 }),
    fc.nat({ max: 59 }),
    fc.nat({ max: 59 }),
    fc.constantFrom('', '', '.5', '.123', '.123456789'),
    fc.constantFrom('Z', 'Z', 'Z', '+00:00', '-08:00', '+05:45'),
  )
  .map(([date, hours, minutes, seconds, fraction, zone]) => {
    const time = [hours, minutes, seconds].map((part) => String(part).padStart(2, '0')).join(':');
    return `${date}T${time}${fraction}${zone}`;
  });

/** Surrounded by other text. */
function readIn(reader: InstantReader, text: string): number {
  const page = textOf(`0${text}0`);
  return reader.read(page, 1, page.bytes.length - 1);
}

test('instants are read as Date.parse reads them, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(instant, { minLength: 1 }), (texts) => {
      const reader = new InstantReader();
      expect(texts.map((text) => readIn(reader, text))).toEqual(texts.map((text) => Date.parse(text)));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['2026-11-22T00:00:00Z', 1_795_305_600_000],
  ['2026-11-22T23:59:59Z', 1_795_391_999_000],
  ['2026-11-22T23:59:59.999Z', 1_795_391_999_999],
  ['1969-12-31T23:59:59Z', -1000],
])('%s is read as %i', (text, instantMs) => {
  expect(readIn(new InstantReader(), text)).toBe(instantMs);
});
