import { expect, test } from '@jest/globals';
import { formatDifference, parseArchived } from '../../../lambda/money/money.ts';

test.each([
  ['5', '8', 'USD', '+$3.00'],
  ['8', '5', 'USD', '-$3.00'],
  ['5', '5', 'USD', '$0.00'],
  ['-1', '1.5', 'USD', '+$2.50'],
  ['0', '1234.505', 'USD', '+$1,234.51'],
  ['0.5', '1', 'JPY', '+¥1'],
])('from %s to %s in %s is %s', (before, after, currency, text) => {
  expect(formatDifference(parseArchived(before), parseArchived(after), currency)).toBe(text);
});

test('a difference is rounded once, not the two amounts before it', () => {
  expect(formatDifference(parseArchived('0.004'), parseArchived('0.012'), 'USD')).toBe('+$0.01');
  expect(formatDifference(parseArchived('0.005'), parseArchived('0.006'), 'USD')).toBe('+$0.00');
});
