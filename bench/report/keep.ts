import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import type { Results } from '../results.ts';
import { blocksOf } from './blocks.ts';
import { chart } from './chart.tsx';

/** The page and its files, relative to the project's root. */
export const PAGE = 'docs/performance.md';
export const RESULTS = 'docs/performance/results.json';
export const CHART = 'docs/performance/chart.svg';

/** Saves the results: as data, in the page's blocks, and as its chart. */
export async function keep(results: Results): Promise<void> {
  await mkdir('docs/performance', { recursive: true });
  await write(RESULTS, JSON.stringify(results));
  await write(PAGE, filled(await readFile(PAGE, 'utf8'), blocksOf(results)));
  await writeFile(CHART, chart(results.contests.time));
}

/**
 * Puts each block between `<!-- name -->` and `<!-- end -->`.
 *
 * @throws Error if the page has no such block
 */
export function filled(page: string, blocks: Readonly<Record<string, string>>): string {
  return Object.entries(blocks).reduce((text, [name, block]) => {
    const place = new RegExp(`(?<=<!-- ${name} -->\n).*?(?=<!-- end -->)`, 's');
    if (!place.test(text)) throw new Error(`The page has no block ${name}`);
    return text.replace(place, () => `\n${block}\n\n`);
  }, page);
}

async function write(file: string, content: string): Promise<void> {
  await writeFile(file, await format(content, { ...(await resolveConfig(file)), filepath: file }));
}
