import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { CHROMIUM_PATH, startChromium } from './chromium.ts';
import { MAILED_DAYS, mailOfDay, type MailedDay } from './mailed-days.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'cat.tables'];

/** The size above which Gmail clips a mail, with some margin. */
const MOST_BYTES = 100_000;

const LOOKS = [320, 375, 700].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

// Jest does not list the tests that it skips.
if (CHROMIUM_PATH === null) {
  process.stderr.write(
    'test/browser is SKIPPED: there is no Chromium here. apt-get install chromium, or set CHROMIUM_PATH.\n',
  );
}
const described = CHROMIUM_PATH === null ? describe.skip : describe;

described('in Chromium', () => {
  let browser: Browser;
  let axe: string;

  beforeAll(async () => {
    browser = await startChromium();
    axe = await readFile(AXE, 'utf8');
  });
  afterAll(() => browser.close());

  describe.each(Object.keys(MAILED_DAYS) as MailedDay[])('the mail of the day %s', (day) => {
    const requests: string[] = [];
    let html: string;
    let page: Page;

    beforeAll(async () => {
      ({ html = '' } = await mailOfDay(day));
      page = await browser.newPage();
      await page.route('**/*', async (route) => {
        requests.push(route.request().url());
        await route.abort();
      });
      await page.setContent(html, { waitUntil: 'load' });
    });
    afterAll(() => page.close());

    async function show({ width, colorScheme }: (typeof LOOKS)[number]): Promise<void> {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
    }

    test('runs no script, requests nothing, and contains nothing that could', async () => {
      const found = await page.evaluate(() => ({
        scripts: document.scripts.length,
        hacked: 'hacked' in window,
        embedded: document.querySelectorAll('img, svg, iframe, object, link, video, form').length,
        attributes: [...document.querySelectorAll('*')]
          .flatMap(({ attributes }) => [...attributes].map(({ name }) => name))
          .filter((name) => name.startsWith('on') || name === 'href' || name === 'src'),
      }));
      expect({ ...found, requests }).toEqual({
        ...{ scripts: 0, hacked: false, embedded: 0, attributes: [] },
        requests: [],
      });
    });

    test.each(LOOKS)('fits into $width pixels, $colorScheme', async (look) => {
      await show(look);
      const [width, outside] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        [...document.querySelectorAll('body *')].filter(
          (element) => element.getBoundingClientRect().right > document.documentElement.clientWidth,
        ).length,
      ]);
      expect({ width, outside }).toEqual({ width: look.width, outside: 0 });
      const background = await page.evaluate(
        () => getComputedStyle(document.querySelector('.card') ?? document.body).backgroundColor,
      );
      expect(background).toBe(look.colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(22, 25, 29)');
    });

    test.each(LOOKS.filter(({ width }) => width !== 375))(
      'is accessible by WCAG 2.2 AA, contrasts and tables included: $width pixels, $colorScheme',
      async (look) => {
        await show(look);
        await page.evaluate(axe);
        const rules = JSON.stringify(RULES);
        const results = await page.evaluate<AxeResults>(`axe.run(document, { runOnly: ${rules} })`);
        const shown = (found: AxeResults['violations']): string[] =>
          found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
        expect(shown(results.violations)).toEqual([]);
        expect(shown(results.incomplete)).toEqual([]);
        expect(results.passes.map(({ id }) => id)).toContain('color-contrast');
      },
    );

    test('has captions and headers on every table except those of the layout', async () => {
      const tables = await page.evaluate(() =>
        [...document.querySelectorAll('table')].map((table) => {
          if (table.getAttribute('role') === 'presentation') return 'layout';
          const heads = [...table.rows].map((row) =>
            row.querySelector<HTMLTableCellElement>(':scope > th[scope]'),
          );
          const hasHeads = heads.every((head, index) => head !== null || heads[index - 1]?.rowSpan === 2);
          return [table.caption?.textContent ? 'caption' : '', hasHeads ? 'heads' : ''].join(' and ');
        }),
      );
      expect([...new Set(tables)].sort()).toEqual(['caption and heads', 'layout']);
    });

    test('is small enough not to be clipped', () => {
      expect(Buffer.byteLength(html)).toBeLessThan(MOST_BYTES);
    });
  });
});
