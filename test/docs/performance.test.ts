import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { blocksOf } from '../../bench/report/blocks.ts';
import { chart } from '../../bench/report/chart.tsx';
import { CHART, filled, PAGE, RESULTS } from '../../bench/report/keep.ts';
import type { Results } from '../../bench/results.ts';

const results = JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;

/** Tables without their padding. */
function unpadded(markdown: string): string {
  return markdown
    .replace(/ +/g, ' ')
    .replace(/-{3,}/g, '---')
    .replace(/-{2,}:/g, '---:')
    .replace(/\n+/g, '\n');
}

test('the page’s tables are those of the saved results', () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(unpadded(page)).toBe(unpadded(filled(page, blocksOf(results))));
});

test('the chart is that of the saved results', () => {
  expect(readFileSync(CHART, 'utf8')).toBe(chart(results.contests.time));
});
