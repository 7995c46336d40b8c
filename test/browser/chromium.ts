import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const USUAL_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The path of Chromium on this machine; null if there is none. `CHROMIUM_PATH` overrides it. */
export const CHROMIUM_PATH: string | null =
  process.env['CHROMIUM_PATH'] ?? USUAL_PATHS.find((path) => existsSync(path)) ?? null;

/** Starts a browser that makes no requests except those of its pages. */
export async function startChromium(): Promise<Browser> {
  if (CHROMIUM_PATH === null) throw new Error('There is no Chromium here: apt-get install chromium');
  return chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Colour fringes around letters would only make the picture files larger.
      '--disable-lcd-text',
    ],
  });
}
