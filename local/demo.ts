import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import PostalMime from 'postal-mime';
import type { Answer } from '../lambda/daily-report.ts';
import { BUCKET, type Cloud, startCloud } from './cloud.ts';
import { synthesize } from './deployed-bundle.ts';
import { type LambdaProcess, startLambdaProcess } from './lambda-process.ts';
import { serveOutbox } from './outbox-page.tsx';
import { printReports } from './report-table.ts';
import { sampleDay } from './sample-day.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUTPUT = join(ROOT, 'demo-output');

/** The morning that is played, and the days whose logs there are: the week before is archived without mail. */
const MORNING = '2026-11-23T06:00:00Z';
const WEEK_BEFORE = ['15', '16', '17', '18', '19', '20', '21'].map((date) => `2026-11-${date}`);
const YESTERDAY = '2026-11-22';

const { serve } = new Command('demo')
  .description('Runs the whole job on this machine: the deployable bundle against loopback servers.')
  .option('--serve', 'then keep a page open that shows the mails and files in a browser', false)
  .parse()
  .opts<{ serve: boolean }>();

console.log('Synthesizing the stack and its bundle …');
const { assetDir } = await synthesize(
  join(OUTPUT, '..', 'node_modules', '.cache', 'video-cost-report', 'demo'),
);

console.log('Starting SignalWire, S3, SES and Secrets Manager on the loopback …');
const logs = [...WEEK_BEFORE, YESTERDAY].flatMap(sampleDay);
const cloud = await startCloud({ logs, clock: MORNING });
const lambda = await startLambdaProcess({ assetDir, environment: cloud.environment(), clock: MORNING });

const answers = await withProgress(cloud, logs.length, async () => {
  const backfilled = [];
  for (const day of WEEK_BEFORE) backfilled.push(await run(lambda, { day, email: false }));
  return [...backfilled, await run(lambda, { scheduledTime: MORNING })];
});
await lambda.close();

await rm(OUTPUT, { recursive: true, force: true });
await writeArchive(cloud);
await writeMails(cloud);
printReports(
  answers.flatMap(({ reports }) => reports),
  relative(process.cwd(), OUTPUT) || '.',
);
await printMails(cloud);

if (serve) {
  const url = await serveOutbox(cloud);
  console.log(`\nOutbox: ${url}  (Ctrl+C ends it)`);
} else {
  await cloud.close();
  console.log('\nTo read the mail in a browser: npm run demo -- --serve');
}

async function run(lambda: LambdaProcess, event: unknown): Promise<Answer> {
  const { result, error } = await lambda.invoke(event);
  if (error !== undefined) throw new Error(`${error.name}: ${error.message}`);
  return result as Answer;
}

/** Shows how many logs SignalWire has been asked for while the work goes on. */
async function withProgress<T>({ signalWire }: Cloud, logCount: number, work: () => Promise<T>): Promise<T> {
  const bar = new SingleBar({
    format: 'Reading {total} video logs [{bar}] {percentage} %, {duration_formatted}',
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 1000,
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
  for (const { raw } of ses.outbox) {
    const { html = '' } = await PostalMime.parse(raw);
    await writeFile(join(OUTPUT, 'mail.eml'), raw);
    await writeFile(join(OUTPUT, 'mail.html'), html);
  }
}

async function printMails({ ses }: Cloud): Promise<void> {
  for (const { raw, destinations } of ses.outbox) {
    const { subject } = await PostalMime.parse(raw);
    console.log(`Mailed to ${destinations.join(', ')}: ${subject ?? ''}`);
  }
}
