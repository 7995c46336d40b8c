import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { API_TOKEN, PROJECT_ID } from '../../local/cloud.ts';
import { type SignalWireServer, startSignalWireServer } from '../../local/signalwire-server.ts';
import { deletedLog, sessionLog } from '../support/logs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSX = join(ROOT, 'node_modules/tsx/dist/cli.mjs');

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

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function report(args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  const env = {
    SIGNALWIRE_SPACE_URL: signalWire.url,
    SIGNALWIRE_PROJECT_ID: PROJECT_ID,
    SIGNALWIRE_API_TOKEN: API_TOKEN,
    ...environment,
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [TSX, join(ROOT, 'bin/report.ts'), ...args],
      { env },
      (error, stdout, stderr) => {
        resolve({ status: Number(error?.code ?? 0), stdout, stderr });
      },
    );
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

  test('takes no day that is not one', async () => {
    const { status, stderr } = await report(['--day', '2026-02-30', '--out', folder]);
    expect(status).toBe(1);
    expect(stderr).toContain('Write it as YYYY-MM-DD.');
  });

  test('helps', async () => {
    const { status, stdout } = await report(['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('SIGNALWIRE_API_TOKEN    a token with the Video scope');
    expect(stdout).toContain('npm run report -- --day 2026-11-22 --out first-look');
  });
});
