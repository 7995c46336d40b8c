import { hash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parseManifest, type Manifest, writeManifest } from '../../lambda/archive/manifest.ts';
import { API_TOKEN, BUCKET, PROJECT_ID } from '../../local/cloud.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { sessionLog } from '../support/logs.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import { type Outcome, runTool } from './support/tool.ts';

const [FIRST, SECOND] = ['2026-11-20', '2026-11-21'];
const RANGE = ['--from', FIRST, '--to', SECOND];

const LOGS: readonly SignalWireLog[] = [FIRST, SECOND].flatMap((day) => [
  sessionLog(`${day} standup`, { createdAt: `${day}T09:00:00Z`, charge: '0.25' }),
  sessionLog(`${day} retro`, { createdAt: `${day}T15:00:00Z`, charge: '1.10', room: 'retro' }),
]);
const LATE = sessionLog('late', { createdAt: `${SECOND}T23:00:00Z`, charge: '0.0007' });

/** Archives two days, and restates the second one once. */
async function openArchive(): Promise<Morning> {
  const morning = await openMorning({ logs: LOGS });
  for (const day of [FIRST, SECOND]) await morning.run({ day, email: false });
  morning.cloud.signalWire.logs = [...LOGS, LATE];
  await morning.run({ day: SECOND, restate: true });
  return morning;
}

function verify({ cloud }: Morning, ...args: readonly string[]): Promise<Outcome> {
  return runTool(['verify', ...(args.includes('--from') ? [] : RANGE), '--bucket', BUCKET, ...args], {
    ...cloud.environment(),
    SIGNALWIRE_PROJECT_ID: PROJECT_ID,
    SIGNALWIRE_API_TOKEN: API_TOKEN,
  });
}

/** Overwrites an object, as anybody with the permission could. */
function overwrite({ cloud }: Morning, key: string, bytes: Buffer): void {
  cloud.s3.bucket(BUCKET).put(key, { bytes, headers: {} });
}

function manifestOf(morning: Morning, day: string): Manifest {
  return parseManifest(Buffer.from(morning.text(`manifests/day=${day}.json`)), day);
}

function overwriteManifest(morning: Morning, manifest: Manifest): void {
  overwrite(morning, `manifests/day=${manifest.day}.json`, writeManifest(manifest));
}

/** The cells of a day's row, without borders; in place of the number of its problems, the problems, a line each. */
function rowOf({ stdout }: Outcome, day: string): string[] {
  const row = stdout.split('\n').find((line) => line.startsWith(`│ ${day} `)) ?? '';
  const cells = row
    .split('│')
    .slice(1, -1)
    .map((cell) => cell.trim());
  const found = [...stdout.matchAll(new RegExp(`^Problem on ${day}: (.*[^.])\\.$`, 'gm'))].map(
    ([, problem]) => problem ?? '',
  );
  expect(cells.at(-1)).toBe(found.length === 0 ? '' : String(found.length));
  return [...cells.slice(0, -1), found.join('\n')];
}

function verdictOf({ stdout }: Outcome): string {
  return stdout.trimEnd().split('\n').at(-1) ?? '';
}

const GOOD_FIRST = [FIRST, '1', '2', '2', '1.35 USD', 'yes', 'yes', 'yes', ''];
const NOT_PROVEN = `Verdict: NOT PROVEN. 1 of 2 days with a problem: ${SECOND}.`;

describe('an archive that is whole', () => {
  test('is proven, and its restatements and grand total are shown', async () => {
    const morning = await openArchive();
    const [, restated] = manifestOf(morning, SECOND).revisions;
    const { status, stdout, stderr } = await verify(morning);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.replace(/^Read at .*$/m, 'Read at  …').replaceAll(restated?.at ?? '', 'INSTANT')).toBe(
      [
        'Archive  s3://video-cost-archive/',
        'Days     2026-11-20 to 2026-11-21',
        'Read at  …',
        '┌────────────┬──────────┬───────┬───────┬────────────┬────────────┬───────────┬──────────┬──────────┐',
        '│ Day        │ Revision │ Rooms │ Lines │     Charge │ SHA-256 ok │ Totals ok │ Chain ok │ Problems │',
        '├────────────┼──────────┼───────┼───────┼────────────┼────────────┼───────────┼──────────┼──────────┤',
        '│ 2026-11-20 │        1 │     2 │     2 │   1.35 USD │ yes        │ yes       │ yes      │          │',
        '├────────────┼──────────┼───────┼───────┼────────────┼────────────┼───────────┼──────────┼──────────┤',
        '│ 2026-11-21 │        2 │     2 │     3 │ 1.3507 USD │ yes        │ yes       │ yes      │          │',
        '└────────────┴──────────┴───────┴───────┴────────────┴────────────┴───────────┴──────────┴──────────┘',
        '',
        'Restatements (opening + changes = closing):',
        '┌────────────┬──────────┬──────────────────────────┬─────────┬─────────┬─────────┬───────────────┬─────────────────────────┐',
        '│ Day        │ Revision │ At                       │ Opening │ Changes │ Closing │ What changed  │ Restated by             │',
        '├────────────┼──────────┼──────────────────────────┼─────────┼─────────┼─────────┼───────────────┼─────────────────────────┤',
        '│ 2026-11-21 │        2 │ INSTANT │    1.35 │ +0.0007 │  1.3507 │ 1 late charge │ an event for 2026-11-21 │',
        '└────────────┴──────────┴──────────────────────────┴─────────┴─────────┴─────────┴───────────────┴─────────────────────────┘',
        '',
        'Grand total: 2.7007 USD in 2 archived days.',
        'Verdict: PROVEN. 2 days, all as recorded, byte for byte and to the last digit.',
        '',
      ].join('\n'),
    );
    expect(morning.cloud.signalWire.requests).toHaveLength(3);
  });

  test('is only read, never written', async () => {
    const morning = await openArchive();
    const before = morning.cloud.s3.requests.length;
    await verify(morning, '--against-api');
    const methods = morning.cloud.s3.requests.slice(before).map(({ method }) => method);
    expect(new Set(methods)).toEqual(new Set(['GET']));
  });

  test('is proven even if it has more versions than S3 lists at once', async () => {
    const morning = await openArchive();
    const key = `manifests/day=${SECOND}.json`;
    const bytes = Buffer.from(morning.text(key));
    for (let repeat = 0; repeat < 1001; repeat += 1) overwrite(morning, key, bytes);
    expect((await verify(morning)).status).toBe(0);
  });
});

describe('verify finds', () => {
  test('a missing day', async () => {
    const outcome = await verify(await openArchive(), '--from', FIRST, '--to', '2026-11-22');
    expect(outcome.status).toBe(1);
    expect(rowOf(outcome, '2026-11-22')).toEqual([
      ...['2026-11-22', '', '', '', '', '', '', ''],
      'missing: the day is not archived',
    ]);
    expect(verdictOf(outcome)).toBe('Verdict: NOT PROVEN. 1 of 3 days with a problem: 2026-11-22.');
  });

  test('a current object that somebody has overwritten', async () => {
    const morning = await openArchive();
    const key = `room-charges/day=${SECOND}/room-charges.csv`;
    overwrite(morning, key, Buffer.from(morning.text(key).replace('1.10', '1.01')));
    const outcome = await verify(morning);
    expect(outcome.status).toBe(1);
    expect(rowOf(outcome, FIRST)).toEqual(GOOD_FIRST);
    expect(rowOf(outcome, SECOND)).toEqual([
      ...[SECOND, '2', '2', '3', '1.3507 USD', 'NO', 'yes', 'yes'],
      `${key}: the current object is not the one that the manifest names`,
    ]);
    expect(verdictOf(outcome)).toBe(NOT_PROVEN);
  });

  test('a tampered file whose hash the manifest was made to match, by its totals', async () => {
    const morning = await openArchive();
    const key = `line-items/day=${SECOND}/line-items.csv`;
    overwrite(morning, key, Buffer.from(morning.text(key).replaceAll('1.10', '1.01')));
    const { bytes, versionId } = morning.cloud.s3.bucket(BUCKET).get(key);
    const manifest = manifestOf(morning, SECOND);
    const sha256 = hash('sha256', bytes);
    overwriteManifest(morning, {
      ...manifest,
      files: manifest.files.map((file) => (file.key === key ? { ...file, sha256, versionId } : file)),
    });
    const outcome = await verify(morning);
    expect(outcome.status).toBe(1);
    expect(rowOf(outcome, SECOND).slice(5, 8)).toEqual(['yes', 'NO', 'NO']);
    const problem = rowOf(outcome, SECOND).at(-1) ?? '';
    expect(problem).toContain('the line items add up to 1.2607, the manifest says 1.3507');
    expect(problem).toContain(
      'revision 2: opening 1.35 and changes -0.0893 make 1.2607, but it closes with 1.3507',
    );
    expect(problem).toContain('the manifest is not the one first written as revision 2');
  });

  test('a manifest with a wrong total', async () => {
    const morning = await openArchive();
    overwriteManifest(morning, { ...manifestOf(morning, SECOND), charge: '1.36' });
    const outcome = await verify(morning);
    expect(outcome.status).toBe(1);
    expect(rowOf(outcome, SECOND).slice(4, 8)).toEqual(['1.36 USD', 'yes', 'NO', 'NO']);
    const problem = rowOf(outcome, SECOND).at(-1) ?? '';
    expect(problem).toContain('the rooms add up to 1.3507, the manifest says 1.36');
    expect(problem).toContain('the line items add up to 1.3507, the manifest says 1.36');
    expect(problem).toContain('the last recorded revision closes with 1.3507, the manifest says 1.36');
  });

  test('a rewritten chain of revisions', async () => {
    const morning = await openArchive();
    const manifest = manifestOf(morning, SECOND);
    const [first, second] = manifest.revisions;
    if (first === undefined || second === undefined) throw new Error('The day was not restated');
    overwriteManifest(morning, { ...manifest, revisions: [{ ...first, charge: '1.30' }, second] });
    const outcome = await verify(morning);
    expect(outcome.status).toBe(1);
    expect(rowOf(outcome, SECOND).slice(5, 8)).toEqual(['yes', 'yes', 'NO']);
    const problem = rowOf(outcome, SECOND).at(-1) ?? '';
    expect(problem).toContain(
      'revision 2: opening 1.30 and changes +0.0007 make 1.3007, but it closes with 1.3507',
    );
    expect(problem).toContain('revision 1: its list of revisions differs from that of the current manifest');
  });

  test('a day that was set back to an earlier revision', async () => {
    const morning = await openArchive();
    const bucket = morning.cloud.s3.bucket(BUCKET);
    for (const key of [
      `manifests/day=${SECOND}.json`,
      `room-charges/day=${SECOND}/room-charges.csv`,
      `line-items/day=${SECOND}/line-items.csv`,
    ]) {
      overwrite(morning, key, bucket.versions(key)[0]?.bytes ?? Buffer.from(''));
    }
    const outcome = await verify(morning);
    expect(outcome.status).toBe(1);
    expect(rowOf(outcome, SECOND)).toEqual([
      ...[SECOND, '1', '2', '2', '1.35 USD', 'yes', 'yes', 'NO'],
      'the bucket holds a manifest of revision 2, but the current one is revision 1',
    ]);
  });

  test('a manifest that was overwritten and put right again, which is a note and not a problem', async () => {
    const morning = await openArchive();
    const manifest = manifestOf(morning, SECOND);
    overwriteManifest(morning, { ...manifest, charge: '1.36' });
    overwriteManifest(morning, manifest);
    const { status, stdout } = await verify(morning);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^Note on 2026-11-21: version \S+ of the manifest is not the one first written as revision 2\.$/m,
    );
  });

  test('a manifest or a file that can’t be read', async () => {
    const morning = await openArchive();
    overwrite(morning, `manifests/day=${FIRST}.json`, Buffer.from('{}'));
    const lost = manifestOf(morning, SECOND);
    overwriteManifest(morning, {
      ...lost,
      files: lost.files.map((file, index) => (index === 0 ? { ...file, versionId: 'gone' } : file)),
    });
    const outcome = await verify(morning);
    expect(outcome.status).toBe(1);
    expect(rowOf(outcome, FIRST).at(-1)).toContain('is not a readable manifest');
    expect(rowOf(outcome, SECOND).slice(5, 8)).toEqual(['NO', '', 'NO']);
    expect(rowOf(outcome, SECOND).at(-1)).toContain('the version that the manifest names is gone');
  });

  test('a bucket that can’t be reached, which is one error', async () => {
    const { status, stdout, stderr } = await runTool(['verify', ...RANGE, '--bucket', 'no-such-bucket'], {
      ...(await openMorning()).cloud.environment(),
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^ArchiveError: .*NoSuchBucket/);
  });
});

describe('--against-api', () => {
  test('confirms that the archive matches what SignalWire lists', async () => {
    const outcome = await verify(await openArchive(), '--against-api');
    expect(outcome.status).toBe(0);
    expect(rowOf(outcome, SECOND)).toEqual([
      ...[SECOND, '2', '2', '3', '1.3507 USD', 'yes', 'yes', 'yes', 'yes'],
      '',
    ]);
  });

  test('finds charges that came late, were corrected, or are no longer listed', async () => {
    const morning = await openArchive();
    morning.cloud.signalWire.logs = [
      ...LOGS.filter(({ createdAt }) => createdAt.startsWith(FIRST)),
      // The retro is missing, the standup corrected, LATE still there, and another one added.
      sessionLog(`${SECOND} standup`, { createdAt: `${SECOND}T09:00:00Z`, charge: '0.26' }),
      LATE,
      sessionLog('later', { createdAt: `${SECOND}T23:30:00Z`, charge: '2' }),
    ];
    const outcome = await verify(morning, '--against-api');
    expect(outcome.status).toBe(1);
    expect(rowOf(outcome, FIRST).slice(0, -1)).toEqual([...GOOD_FIRST.slice(0, -1), 'yes']);
    expect(rowOf(outcome, SECOND)).toEqual([
      ...[SECOND, '2', '2', '3', '1.3507 USD', 'yes', 'yes', 'yes', 'NO'],
      'SignalWire now lists 2.2607 USD: 1 late charge, 1 charge corrected, 1 charge kept that SignalWire no longer lists; ' +
        'restated, the day would be 3.3607 USD for 4 sessions, 0 of them in progress',
    ]);
    expect(outcome.stdout).not.toContain(API_TOKEN);
  });

  test('stops at once if SignalWire refuses', async () => {
    const morning = await openArchive();
    morning.cloud.signalWire.apiToken = 'PT-rotated';
    const { status, stdout, stderr } = await verify(morning, '--against-api');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^SignalWireRejectedError: .*401/);
  });
});
