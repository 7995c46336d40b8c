import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BUCKET } from '../../local/cloud.ts';
import { ArchiveInFolder, logsOf } from '../support/archive-in-folder.ts';
import { sessionLog } from '../support/logs.ts';
import { openMorning } from '../support/morning.ts';
import { type Outcome, runTool } from './support/tool.ts';

const DAY = '2026-11-22';

let out: string;

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'preview-'));
});
afterEach(() => rm(out, { recursive: true }));

function preview(args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  return runTool(['preview', '--day', DAY, '--out', out, ...args], environment);
}

function written(ending: string): Promise<string> {
  return readFile(join(out, `mail-${DAY}.${ending}`), 'utf8');
}

describe('from a bucket', () => {
  test('the preview is identical to the mail that the function sent; the bucket is only read', async () => {
    const morning = await openMorning({
      logs: [sessionLog(1, { charge: '1.25' }), sessionLog(2, { room: 'retro', charge: '0.30' })],
      environment: { MONTHLY_BUDGET: '1.50' },
    });
    await morning.run();
    const asked = morning.cloud.s3.requests.length;

    const environment = { ...morning.cloud.environment(), MONTHLY_BUDGET: '1.50' };
    const { status, stdout } = await preview(['--bucket', BUCKET], environment);
    expect(status).toBe(0);
    const [mail] = await morning.mails();
    expect(await written('html')).toBe(mail?.html);
    expect(await written('txt')).toBe(mail?.text);
    expect(stdout).toBe(
      `[budget] SignalWire video costs ${DAY}: $1.55\n${out}/mail-${DAY}.html\n${out}/mail-${DAY}.txt\n`,
    );
    expect(new Set(morning.cloud.s3.requests.slice(asked).map(({ method }) => method))).toEqual(
      new Set(['GET']),
    );
    expect(morning.cloud.ses.outbox).toHaveLength(1);
  });
});

describe('from a folder', () => {
  let archive: ArchiveInFolder;

  beforeEach(async () => {
    archive = await ArchiveInFolder.make();
    await archive.archive(DAY, logsOf(DAY, [['standup', '4.20']]));
  });
  afterEach(() => archive.remove());

  test('writes HTML and text, and nothing else', async () => {
    const { status } = await preview(['--folder', archive.folder]);
    expect(status).toBe(0);
    expect((await readdir(out)).sort()).toEqual([`mail-${DAY}.html`, `mail-${DAY}.txt`]);
    expect(await written('txt')).toContain('Total: $4.20');
  });

  test('a day that is not archived has no preview: the message names it, and nothing is written', async () => {
    const { status, stderr } = await preview(['--folder', archive.folder, '--day', '2026-11-21']);
    expect(status).toBe(1);
    expect(stderr).toContain('ArchiveError: 2026-11-21 is not archived in');
    expect(await readdir(out)).toEqual([]);
  });

  test.each([
    [[], 'Which archive? Give --bucket or --folder.'],
    [
      ['--folder', 'a', '--bucket', 'b'],
      "option '--folder <folder>' cannot be used with option '--bucket <name>'",
    ],
    [['--folder', '/no/such/folder'], 'There is no folder /no/such/folder'],
  ])('%j is refused', async (args, message) => {
    const { status, stderr } = await preview(args);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });

  test('a budget that is not a number is refused', async () => {
    const { status, stderr } = await preview(['--folder', archive.folder], { MONTHLY_BUDGET: 'much' });
    expect(status).toBe(1);
    expect(stderr).toContain('MONTHLY_BUDGET');
  });
});
