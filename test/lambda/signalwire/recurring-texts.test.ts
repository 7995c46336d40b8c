import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RecurringTexts } from '../../../lambda/signalwire/recurring-texts.ts';
import { textOf } from '../../support/plain-logs.ts';

test('a text is decoded correctly, whatever came before', () => {
  const texts = Array.from(
    { length: 40_000 },
    (_, index) => `room ${index % 30_000} ${'ü'.repeat(index % 3)}`,
  );
  const recurring = new RecurringTexts();
  for (const text of [...texts, ...texts]) {
    const page = textOf(`<${text}>`);
    expect(recurring.text(page, 1, page.bytes.length - 1)).toBe(text);
  }
  // Around the length beyond which texts are not kept.
  for (const length of [0, 1, 62, 63, 64, 65, 66, 200, 65, 64, 63, 62, 1, 0]) {
    for (const text of ['a'.repeat(length), `${'a'.repeat(Math.max(0, length - 1))}b`]) {
      const page = textOf(text);
      for (let time = 0; time < 2; time += 1) expect(recurring.text(page, 0, page.bytes.length)).toBe(text);
    }
  }
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 3 })), (others) => {
      for (const text of others) {
        const page = textOf(text);
        expect(recurring.text(page, 0, page.bytes.length)).toBe(page.bytes.toString());
      }
    }),
  );
});
