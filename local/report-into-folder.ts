import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import * as z from 'zod';
import { runTask } from '../lambda/daily-report.ts';
import type { Mailer } from '../lambda/email/delivery.ts';
import { readEnvironment } from '../lambda/environment.ts';
import { InvalidConfigurationError } from '../lambda/errors.ts';
import { readEvent } from '../lambda/event.ts';
import { type ApiUsage, signalWireClient } from '../lambda/signalwire/client.ts';
import { FolderStore } from './folder-store.ts';
import { pageProgress } from './progress.ts';
import { printReports } from './report-table.ts';

/** Longer than any reading takes; nobody ends this process but its operator. */
const NO_HURRY_MS = 24 * 60 * 60_000;

const credentialsShape = z.object({
  SIGNALWIRE_PROJECT_ID: z.string().min(1),
  SIGNALWIRE_API_TOKEN: z.string().min(1),
});

/**
 * Runs the job for one day with real credentials, a folder for the archive, and the mail as files beside it.
 *
 * @param day `YYYY-MM-DD`
 * @param environment SIGNALWIRE_SPACE_URL, SIGNALWIRE_PROJECT_ID, SIGNALWIRE_API_TOKEN, and the optional settings
 * @throws each of the errors of the job
 */
export async function reportIntoFolder(
  day: string,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const settings = readEnvironment({
    EMAIL_FROM: 'video-costs@example.com',
    EMAIL_TO: 'you@example.com',
    ...environment,
    // Neither is asked for anything here.
    SIGNALWIRE_SECRET_ID: 'environment',
    ARCHIVE_BUCKET: 'folder',
  });
  const credentials = readCredentials(environment);
  const task = readEvent({ day }, settings.timeZone, Date.now());

  const usage: ApiUsage = { requests: 0, retries: 0 };
  const deadline = { remainingMs: () => NO_HURRY_MS };
  const getPage = signalWireClient(() => Promise.resolve(credentials), deadline, usage);
  const progress = pageProgress(`Reading ${day}`);
  const answer = await runTask(task, {
    settings,
    getPage: async (url) => {
      const page = await getPage(url);
      progress.pageRead();
      return page;
    },
    store: new FolderStore(folder),
    mailer: folderMailer(folder),
    deadline,
    now: () => Date.now(),
    requestId: randomUUID(),
  }).finally(() => {
    progress.stop();
  });
  printReports(answer.reports, folder);
}

function readCredentials(environment: Readonly<Record<string, string | undefined>>): {
  projectId: string;
  apiToken: string;
} {
  const found = credentialsShape.safeParse(environment);
  if (!found.success) {
    const names = found.error.issues.map(({ path }) => path.join('.')).join(' and ');
    throw new InvalidConfigurationError(
      `${names} must be set in the environment: see npm run report -- --help`,
    );
  }
  return { projectId: found.data.SIGNALWIRE_PROJECT_ID, apiToken: found.data.SIGNALWIRE_API_TOKEN };
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
