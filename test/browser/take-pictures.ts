import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { startChromium } from './chromium.ts';
import { MAILED_DAYS, mailOfDay, type MailedDay } from './mailed-days.ts';

// Takes the pictures in docs/: `npm run pictures`, after `npm run demo`, whose second mail is the README's picture.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PICTURES = process.argv[2] ?? join(ROOT, 'docs');
/** Pictures are cut off at this height: below it are only more rows of rooms. */
const MOST_HEIGHT = 2600;
const MOST_HEIGHT_OF_MANY = 1500;

const LOOKS = [
  { name: 'wide', width: 640, colorScheme: 'light' },
  { name: 'narrow-dark', width: 320, colorScheme: 'dark' },
] as const;
const OTHER_LOOKS = [
  { name: 'wide-dark', width: 700, colorScheme: 'dark' },
  { name: 'narrow', width: 375, colorScheme: 'light' },
] as const;

const looks = process.argv[2] === undefined ? LOOKS : [...LOOKS, ...OTHER_LOOKS];
const browser = await startChromium();
await mkdir(join(PICTURES, 'mails'), { recursive: true });
const demo = await readFile(join(ROOT, 'demo-output/mail-2.html'), 'utf8');
await takePicture(browser, demo, { width: 640, colorScheme: 'light' }, join(PICTURES, 'mail.png'), 1400);
for (const day of Object.keys(MAILED_DAYS) as MailedDay[]) {
  const { html = '' } = await mailOfDay(day);
  for (const look of looks) {
    const path = join(PICTURES, 'mails', `${day}-${look.name}.png`);
    const hasManyRooms = day === '500-rooms' || day === 'hostile-names';
    await takePicture(browser, html, look, path, hasManyRooms ? MOST_HEIGHT_OF_MANY : MOST_HEIGHT);
  }
}
await browser.close();

async function takePicture(
  on: Browser,
  html: string,
  { width, colorScheme }: { readonly width: number; readonly colorScheme: 'light' | 'dark' },
  path: string,
  mostHeight: number,
): Promise<void> {
  const page = await on.newPage({ viewport: { width, height: 400 }, colorScheme });
  await page.setContent(html);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.screenshot({
    path,
    clip: { x: 0, y: 0, width, height: Math.min(height, mostHeight) },
    fullPage: true,
  });
  await page.close();
  console.log(path);
}
