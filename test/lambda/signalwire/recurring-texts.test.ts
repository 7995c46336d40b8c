import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RecurringTexts } from '../../../lambda/signalwire/recurring-texts.ts';
import { textOf } from '../../support/plain-logs.ts';

test('a text is what its bytes say, whatever came before', () => {
  const texts = Array.from({ length: 20_000 }, (_, index) => `room ${index % 9000} ${'ü'.repeat(index % 3)}`);
  const recurring = new RecurringTexts();
  for (const text of [...texts, ...texts]) {
    const page = textOf(`<${text}>`);
    expect(recurring.text(page, 1, page.bytes.length - 1)).toBe(text);
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
