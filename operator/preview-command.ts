import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import PostalMime from 'postal-mime';
import { findDay } from '../lambda/archive/archived-day.ts';
import { composeReport } from '../lambda/email/report-mail.ts';
import { readEnvironment } from '../lambda/environment.ts';
import { ArchiveError } from '../lambda/errors.ts';
import { NO_HURRY } from './no-hurry.ts';
import { calendarDay } from './options.ts';
import { openArchive } from './verify/archive.ts';
import { say } from './terminal.ts';

interface Options {
  readonly day: string;
  readonly bucket?: string;
  readonly folder?: string;
  readonly out: string;
}

/** `preview`: writes the mail of an archived day into files, without sending it. */
export function previewCommand(): Command {
  return new Command('preview')
    .description(
      'write the mail of an archived day into files; sends nothing, opens nothing, changes nothing',
    )
    .requiredOption('--day <YYYY-MM-DD>', 'the archived day', calendarDay)
    .option('--bucket <name>', 'the archive in S3')
    .addOption(new Option('--folder <folder>', 'the archive in a folder').conflicts('bucket'))
    .option('--out <folder>', 'where the files go', 'preview')
    .addHelpText(
      'after',
      `
Writes mail-<day>.html and mail-<day>.txt, as the function would mail them now. For a bucket, set AWS_REGION and
credentials as for the AWS CLI; they need s3:GetObject, s3:GetObjectVersion and s3:ListBucket. Set MONTHLY_BUDGET (and
BILLING_CURRENCY) in the environment to show the budget too.

Examples:

  npm run report -- preview --day 2026-11-22 --bucket video-cost-archive
  npm run report -- preview --day 2026-11-22 --folder first-look --out first-look

Exit status: 0 the files are written; 1 the day is not archived or can't be read.`,
    )
    .action(async (options: Options) => {
      await preview(options, process.env);
    });
}

async function preview(
  { day, bucket, folder, out }: Options,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const settings = settingsFrom(environment);
  const { store, address } = await openArchive({ bucket, folder });
  const archived = await findDay(store, day);
  if (archived === null) {
    throw new ArchiveError(`${day} is not archived in ${address}. Check --day and --bucket or --folder.`);
  }
  const { raw } = await composeReport(
    archived.manifest,
    { possibleRepeat: false, resendReason: null },
    { settings, store, deadline: NO_HURRY, now: () => Date.now() },
  );
  const { subject = '', html = '', text = '' } = await PostalMime.parse(raw);
  await mkdir(out, { recursive: true });
  for (const [ending, content] of [
    ['html', html],
    ['txt', text],
  ] as const) {
    await writeFile(join(out, `mail-${day}.${ending}`), content);
  }
  say(`${subject}\n${join(out, `mail-${day}.html`)}\n${join(out, `mail-${day}.txt`)}`);
}

/** The budget and its currency, checked by the function's own rules; a mail that is not sent needs nothing else. */
function settingsFrom({
  MONTHLY_BUDGET: budget,
  BILLING_CURRENCY: currency,
}: Readonly<Record<string, string | undefined>>): ReturnType<typeof readEnvironment> {
  return readEnvironment({
    MONTHLY_BUDGET: budget,
    BILLING_CURRENCY: currency,
    SIGNALWIRE_SPACE_URL: 'https://example.signalwire.com',
    SIGNALWIRE_SECRET_ID: 'none',
    ARCHIVE_BUCKET: 'none',
    EMAIL_FROM: 'video-costs@example.com',
    EMAIL_TO: 'you@example.com',
  });
}
