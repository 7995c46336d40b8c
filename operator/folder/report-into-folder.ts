import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { runTask } from '../../lambda/daily-report.ts';
import { isDelivered, type Report } from '../../lambda/single-day.ts';
import type { Mailer } from '../../lambda/email/delivery.ts';
import { readEvent } from '../../lambda/event.ts';
import { type ApiUsage, signalWireClient } from '../../lambda/signalwire/client.ts';
import { FolderStore } from './folder-store.ts';
import { pageProgress } from './page-progress.ts';
import { NO_HURRY } from '../no-hurry.ts';
import { reportsText } from '../report-table.ts';
import { spaceAccess } from '../space-access.ts';
import { say } from '../terminal.ts';

/**
 * Runs the job for one day with real credentials, a folder as the archive, and the mail as files in it.
 *
 * @param day `YYYY-MM-DD`
 * @param environment SIGNALWIRE_SPACE_URL, SIGNALWIRE_PROJECT_ID, SIGNALWIRE_API_TOKEN, and the optional settings
 * @returns whether the folder now holds the day and its mail; if not, what to do has been printed
 * @throws each of the errors of the job
 */
export async function reportIntoFolder(
  day: string,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const { settings, credentials } = spaceAccess(environment);
  const task = readEvent({ day }, settings.timeZone, Date.now());

  const usage: ApiUsage = { requests: 0, retries: 0 };
  const signalWire = signalWireClient(() => Promise.resolve(credentials), NO_HURRY, usage);
  const progress = pageProgress(`Reading ${day}`);
  const answer = await runTask(task, {
    settings,
    signalWire: {
      ...signalWire,
      getPage: async (url, signal) => {
        const page = await signalWire.getPage(url, signal);
        progress.pageRead();
        return page;
      },
    },
    store: new FolderStore(folder),
    mailer: folderMailer(folder),
    deadline: NO_HURRY,
    now: () => Date.now(),
    requestId: randomUUID(),
    onNotice: (notice) => {
      console.error(notice);
    },
    // The answer already holds all of this; only a scheduled run handles more than one day.
    observer: {
      onReported: () => undefined,
      onRestated: () => undefined,
      onFailure: () => undefined,
      onStillMissed: () => undefined,
    },
  }).finally(() => {
    progress.stop();
  });
  say(reportsText(answer.reports, folder));
  const unfinished = answer.reports.filter((report) => !isDelivered(report));
  for (const report of unfinished) console.error(adviceFor(report));
  if (unfinished.length === 0) say(`No mail was sent. Open ${join(folder, 'mail.html')}`);
  return unfinished.length === 0;
}

function adviceFor({ day, status }: Report): string {
  return (
    `${day} is archived, but its mail is not finished (${status}): another run is writing it, or was interrupted. ` +
    'Run the same command again after 20 minutes, or choose another folder now.'
  );
}

/** Puts the mail into the folder instead of sending it: `mail.eml` for a mail program, `mail.html` for a browser. */
function folderMailer(folder: string): Mailer {
  return {
    async send({ raw }) {
      const { html = '' } = await PostalMime.parse(raw);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'mail.eml'), raw);
      await writeFile(join(folder, 'mail.html'), html);
      return 'mail.eml';
    },
  };
}
