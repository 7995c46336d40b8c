import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { API_TOKEN, PROJECT_ID } from '../../local/cloud.ts';
import { type SignalWireServer, startSignalWireServer } from '../../local/signalwire-server.ts';
import { type Outcome, runTool } from '../operator/support/tool.ts';
import { deletedLog, sessionLog } from '../support/logs.ts';

let signalWire: SignalWireServer;
let folder: string;

beforeEach(async () => {
  signalWire = await startSignalWireServer({ projectId: PROJECT_ID, apiToken: API_TOKEN });
  folder = await mkdtemp(join(tmpdir(), 'report-'));
});

afterEach(async () => {
  await signalWire.close();
  await rm(folder, { recursive: true });
});

function report(args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  return runTool(args, {
    SIGNALWIRE_SPACE_URL: signalWire.url,
    SIGNALWIRE_PROJECT_ID: PROJECT_ID,
    SIGNALWIRE_API_TOKEN: API_TOKEN,
    ...environment,
  });
}

describe('npm run report', () => {
  test('reads a real day into a folder, mail included, and sends nothing anywhere else', async () => {
    signalWire.logs = [
      sessionLog(1, { room: 'standup', charge: '0.1435' }),
      sessionLog(2, { room: 'standup', charge: '1e-7' }),
      deletedLog(3),
    ];
    const { status, stdout } = await report(['--day', '2026-11-22', '--out', folder]);
    expect(status).toBe(0);
    expect(await readFile(join(folder, 'room-charges/day=2026-11-22/room-charges.csv'), 'utf8')).toBe(
      'day,space,room_name,sessions,in_progress_sessions,duration_seconds,charge,currency\r\n' +
        '2026-11-22,127.0.0.1,standup,2,0,1200,0.1435001,USD\r\n',
    );
    expect(await readFile(join(folder, 'mail.html'), 'utf8')).toContain('$0.14');
    expect(stdout).toContain('0.1435001 USD');
  });

  test('fails with the name and the remedy, and without the token', async () => {
    const { status, stdout, stderr } = await report(['--day', '2026-11-22', '--out', folder], {
      SIGNALWIRE_API_TOKEN: 'PT-of-somebody-else',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^SignalWireRejectedError: .*401.*Video scope/m);
    expect(stdout + stderr).not.toContain('PT-of-somebody-else');
  });

  test('names what is missing in the environment', async () => {
    const { status, stderr } = await report(['--day', '2026-11-22', '--out', folder], {
      SIGNALWIRE_API_TOKEN: '',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('InvalidConfigurationError: SIGNALWIRE_API_TOKEN must be set');
    expect(signalWire.requests).toEqual([]);
  });

  test('refuses a day that is not in the calendar', async () => {
    const { status, stderr } = await report(['--day', '2026-02-30', '--out', folder]);
    expect(status).toBe(1);
    expect(stderr).toContain('Write it as YYYY-MM-DD.');
  });

  test('ignores the function’s mail and bucket settings in the environment', async () => {
    const { status } = await report(['--day', '2026-11-22', '--out', folder], {
      EMAIL_FROM: 'nobody',
      EMAIL_TO: '',
      ARCHIVE_BUCKET: '!',
    });
    expect(status).toBe(0);
    expect(await readFile(join(folder, 'mail.eml'), 'utf8')).toContain('To: you@example.com');
  });

  test('fails until the mail is written, and says what to do, if a run was interrupted', async () => {
    expect((await report(['day', '--day', '2026-11-22', '--out', folder])).status).toBe(0);
    await rm(join(folder, 'emails/day=2026-11-22/receipt-1.json'));
    const { status, stdout, stderr } = await report(['--day', '2026-11-22', '--out', folder]);
    expect(status).toBe(1);
    expect(stdout).toContain('delivery-in-progress');
    expect(stderr).toBe(
      '2026-11-22 is archived, but its mail is not finished (delivery-in-progress): another run is writing ' +
        'it, or was interrupted. Run the same command again after 20 minutes, or choose another folder now.\n',
    );
  });

  test('succeeds at once if the day is already in the folder', async () => {
    await report(['--day', '2026-11-22', '--out', folder]);
    const { status, stdout } = await report(['--day', '2026-11-22', '--out', folder]);
    expect(status).toBe(0);
    expect(stdout).toContain('already-delivered');
  });

  test('leaves only whole files', async () => {
    await report(['--day', '2026-11-22', '--out', folder]);
    const files = await readdir(folder, { recursive: true });
    expect(files.filter((file) => file.endsWith('.unfinished'))).toEqual([]);
  });

  test('refuses an unknown command', async () => {
    const { status, stderr } = await report(['bakfill', '--from', '2026-11-22']);
    expect(status).toBe(1);
    expect(stderr).toBe("error: unknown command 'bakfill'. npm run report -- --help lists them all.\n");
  });

  test.each(['day', 'backfill', 'restate', 'verify'])('has help for %s', async (command) => {
    const { status, stdout } = await report([command, '--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}npm run (?:--silent )?report -- /m);
    expect(stdout).toMatch(/^Exit status: 0 /m);
  });

  test('has help', async () => {
    const { status, stdout } = await report(['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('SIGNALWIRE_API_TOKEN    a token with the Video scope');
    expect(stdout).toContain('npm run report -- --day 2026-11-22 --out first-look');
  });
});
