import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import PostalMime from 'postal-mime';
import { daysBefore } from '../lambda/billing-day.ts';
import type { Answer } from '../lambda/daily-report.ts';
import { BUCKET, type Cloud, startCloud } from './cloud.ts';
import { synthesize } from './deployed-bundle.ts';
import { startLambdaProcess } from './lambda-process.ts';
import { serveOutbox } from './outbox-page.tsx';
import { reportsText } from '../operator/report-table.ts';
import { sampleDay, settledSampleDay } from './sample-day.ts';
import { oneNightLater } from './second-morning.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUTPUT = join(ROOT, 'demo-output');

/** The mornings that the demo plays. On the day before, the preceding three weeks are archived without mail. */
const BACKFILL_AT = '2026-11-22T12:00:00Z';
const FIRST = { day: '2026-11-22', at: '2026-11-23T06:00:00Z' };
const SECOND = { day: '2026-11-23', at: '2026-11-24T06:00:00Z' };
const WEEKS_BEFORE = daysBefore(FIRST.day, 21).reverse();
/** The number of past days that each morning's run reads again. */
const READ_AGAIN = 7;

const MONTHLY_BUDGET = '70000.00';

const { serve } = new Command('demo')
  .description('Runs the whole job on this machine: the deployable bundle against loopback servers.')
  .option('--serve', 'afterwards, serve a page that shows the mails and files in a browser', false)
  .parse()
  .opts<{ serve: boolean }>();

console.log('Synthesizing the stack and its bundle …');
const { assetDir } = await synthesize(
  join(OUTPUT, '..', 'node_modules', '.cache', 'video-cost-report', 'demo'),
);

console.log('Starting SignalWire, S3, SES and Secrets Manager on the loopback …');
const settled = WEEKS_BEFORE.slice(0, -READ_AGAIN).flatMap(settledSampleDay);
const week = WEEKS_BEFORE.slice(-READ_AGAIN).flatMap(sampleDay);
const yesterday = sampleDay(FIRST.day);
const cloud = await startCloud({ logs: [...settled, ...week, ...yesterday], clock: BACKFILL_AT });

const backfilled = await withProgress(cloud, 'Three weeks are archived', settled.length + week.length, () =>
  runAt(
    BACKFILL_AT,
    WEEKS_BEFORE.map((day) => ({ day, email: false })),
  ),
);
// Each morning's run reads the week before again, for late charges.
cloud.setClock(FIRST.at);
const first = await withProgress(
  cloud,
  `The morning of ${FIRST.at.slice(0, 10)}`,
  week.length + yesterday.length,
  () => runAt(FIRST.at, [{ scheduledTime: FIRST.at }]),
);

// Overnight a session ends, and somebody deletes a log.
const today = sampleDay(SECOND.day);
cloud.signalWire.logs = [...settled, ...week, ...oneNightLater(yesterday), ...today];
cloud.setClock(SECOND.at);
const second = await withProgress(
  cloud,
  `The morning of ${SECOND.at.slice(0, 10)}`,
  week.length + yesterday.length + today.length,
  () => runAt(SECOND.at, [{ scheduledTime: SECOND.at }]),
);

await rm(OUTPUT, { recursive: true, force: true });
await writeArchive(cloud);
await writeMails(cloud);
const answers = [...backfilled, ...first, ...second];
console.log(
  reportsText(
    answers.flatMap(({ reports }) => reports).slice(-READ_AGAIN - 2),
    relative(process.cwd(), OUTPUT) || '.',
  ),
);
for (const { day, revision, before, after } of answers.flatMap(({ restated }) => restated)) {
  console.log(`Restated: ${day} is revision ${revision} now: ${before} before, ${after} after`);
}
await printMails(cloud);

if (serve) {
  const { url } = await serveOutbox(cloud);
  console.log(`\nOutbox: ${url}  (press Ctrl+C to end)`);
} else {
  await cloud.close();
  console.log('\nTo read the mail in a browser: npm run demo -- --serve');
}

/** Runs events one after the other, in a container whose clock starts at an instant. */
async function runAt(clock: string, events: readonly unknown[]): Promise<Answer[]> {
  const lambda = await startLambdaProcess({
    assetDir,
    environment: cloud.environment({ MONTHLY_BUDGET }),
    clock,
  });
  const found: Answer[] = [];
  for (const event of events) {
    const { result, error } = await lambda.invoke(event);
    if (error !== undefined) throw new Error(`${error.name}: ${error.message}`);
    found.push(result as Answer);
  }
  await lambda.close();
  return found;
}

/** Shows how many logs SignalWire has sent while the work goes on. */
async function withProgress<T>(
  { signalWire }: Cloud,
  label: string,
  logCount: number,
  work: () => Promise<T>,
): Promise<T> {
  const bar = new SingleBar({
    format: `${label.padEnd(25)} [{bar}] {value}/{total} video logs read, {duration_formatted}`,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 60_000,
  });
  bar.start(logCount, 0);
  signalWire.afterHandling = (_request, _response, { body }) => {
    const { data } = JSON.parse(String(body)) as { data: unknown[] };
    bar.increment(data.length);
    return false;
  };
  try {
    return await work();
  } finally {
    bar.stop();
  }
}

async function writeArchive({ s3 }: Cloud): Promise<void> {
  const bucket = s3.bucket(BUCKET);
  for (const key of bucket.keys()) {
    const path = join(OUTPUT, 'archive', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bucket.bytes(key));
  }
}

async function writeMails({ ses }: Cloud): Promise<void> {
  for (const [index, { raw }] of ses.outbox.entries()) {
    const { html = '', text = '' } = await PostalMime.parse(raw);
    await writeFile(join(OUTPUT, `mail-${index + 1}.eml`), raw);
    await writeFile(join(OUTPUT, `mail-${index + 1}.txt`), text);
    await writeFile(join(OUTPUT, `mail-${index + 1}.html`), html);
  }
}

async function printMails({ ses }: Cloud): Promise<void> {
  for (const { raw, destinations } of ses.outbox) {
    const { subject } = await PostalMime.parse(raw);
    console.log(`Mailed to ${destinations.join(', ')}: ${subject ?? ''}`);
  }
}
