import { Command, Option } from 'commander';
import pMap from 'p-map';
import { type ApiUsage, signalWireClient } from '../lambda/signalwire/client.ts';
import { spaceAccess } from './space-access.ts';
import { dayProgress } from './day-progress.ts';
import { daysOf } from './day-range.ts';
import { NO_HURRY } from './no-hurry.ts';
import { calendarDay } from './options.ts';
import { say } from './terminal.ts';
import { openArchive } from './verify/archive.ts';
import { proveDay } from './verify/day-proof.ts';
import { proofText } from './verify/proof-text.ts';
import type { Space } from './verify/space-comparison.ts';

interface Options {
  readonly from: string;
  readonly to: string;
  readonly bucket?: string;
  readonly folder?: string;
  readonly againstApi: boolean;
}

const DAYS_AT_ONCE = 8;
/** Few, so that the morning's run still gets through to SignalWire. */
const DAYS_AT_ONCE_FROM_SIGNALWIRE = 2;

/** `verify`: proves that the archive is whole. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'prove that the archive of a range of days is whole and exact to the last digit; changes nothing',
    )
    .requiredOption('--from <YYYY-MM-DD>', 'the first day', calendarDay)
    .requiredOption('--to <YYYY-MM-DD>', 'the last day', calendarDay)
    .option('--bucket <name>', 'the archive in S3')
    .addOption(new Option('--folder <folder>', 'the archive in a folder').conflicts('bucket'))
    .option('--against-api', 'also compare with what SignalWire lists now', false)
    .addHelpText(
      'after',
      `
For each day:

  SHA-256 ok   each file's hash, length and number of rows, recomputed from the version that the manifest names, match
               the manifest, and whoever opens the file today gets exactly those bytes
  Totals ok    Σ room-charges.csv = Σ line-items.csv = the manifest's charge, exactly; rooms and sessions match too
  Chain ok     revisions 1 to n, each as it was first written; opening + changes = closing, where the changes come
               from comparing the archived versions log by log; no log is ever lost

A folder keeps no versions, so only the chain that its manifests record is checked. For a bucket you need
s3:GetObject, s3:GetObjectVersion, s3:ListBucket and s3:ListBucketVersions.

--against-api needs the SignalWire credentials that npm run report -- --help lists. It counts charges that came late
or were corrected, and charges that SignalWire no longer lists (the archive keeps them). Restate those days.

Examples:

  npm run --silent report -- verify --from 2026-01-01 --to 2026-11-22 --bucket video-cost-archive > proof.txt
  npm run report -- verify --from 2026-11-22 --to 2026-11-22 --folder first-look
  npm run report -- verify --from 2026-11-16 --to 2026-11-22 --bucket video-cost-archive --against-api

Exit status: 0 proven; 1 a difference, a missing day or an unreadable file.`,
    )
    .action(async (options: Options) => {
      if (!(await run(options))) process.exitCode = 1;
    });
}

async function run({ from, to, bucket, folder, againstApi }: Options): Promise<boolean> {
  const days = daysOf({ from, to });
  const archive = await openArchive({ bucket, folder });
  const space = againstApi ? spaceOf(process.env) : null;

  const at = new Date().toISOString();
  const progress = dayProgress('Verifying', days.length);
  const prove = async (day: string): ReturnType<typeof proveDay> => {
    const proof = await proveDay(archive, day, space);
    progress.dayDone();
    return proof;
  };
  const proofs = await pMap(days, prove, {
    concurrency: againstApi ? DAYS_AT_ONCE_FROM_SIGNALWIRE : DAYS_AT_ONCE,
  }).finally(() => {
    progress.stop();
  });
  const keepsVersions = archive.versionsOf !== null;
  say(proofText(proofs, { address: archive.address, at, keepsVersions, readsSpace: againstApi }));
  return proofs.every(({ problems }) => problems.length === 0);
}

function spaceOf(environment: Readonly<Record<string, string | undefined>>): Space {
  const { settings, credentials } = spaceAccess(environment);
  const usage: ApiUsage = { requests: 0, retries: 0 };
  return {
    settings,
    signalWire: signalWireClient(() => Promise.resolve(credentials), NO_HURRY, usage),
  };
}
