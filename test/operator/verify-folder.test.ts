import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { API_TOKEN, PROJECT_ID } from '../../local/cloud.ts';
import { type SignalWireServer, startSignalWireServer } from '../../local/signalwire-server.ts';
import { sessionLog } from '../support/logs.ts';
import { type Outcome, runTool } from './support/tool.ts';

const DAY = '2026-11-22';

let signalWire: SignalWireServer;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
  signalWire = await startSignalWireServer({
    projectId: PROJECT_ID,
    apiToken: API_TOKEN,
    logs: [sessionLog(1, { charge: '0.1435' }), sessionLog(2, { room: 'retro', charge: '2' })],
  });
  const { status, stderr } = await tool('--day', DAY, '--out', folder);
  if (status !== 0) throw new Error(stderr);
});

afterEach(async () => {
  await signalWire.close();
  await rm(folder, { recursive: true });
});

function tool(...args: readonly string[]): Promise<Outcome> {
  return runTool(args, {
    SIGNALWIRE_SPACE_URL: signalWire.url,
    SIGNALWIRE_PROJECT_ID: PROJECT_ID,
    SIGNALWIRE_API_TOKEN: API_TOKEN,
  });
}

function verify(...more: readonly string[]): Promise<Outcome> {
  return tool('verify', '--from', DAY, '--to', DAY, '--folder', folder, ...more);
}

/** Edits a file of the archive, as with a text editor. */
async function edit(key: string, change: (text: string) => string): Promise<void> {
  const path = join(folder, key);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

test('an archive that is whole is proven, as far as a folder allows', async () => {
  const { status, stdout } = await verify();
  expect(status).toBe(0);
  expect(stdout.replace(/^Read at .*$/m, 'Read at  …').replace(folder, 'FOLDER')).toBe(
    [
      'Archive  FOLDER',
      'Days     2026-11-22 to 2026-11-22',
      'Read at  …',
      '┌────────────┬──────────┬───────┬───────┬────────────┬────────────┬───────────┬──────────┬──────────┐',
      '│ Day        │ Revision │ Rooms │ Lines │     Charge │ SHA-256 ok │ Totals ok │ Chain ok │ Problems │',
      '├────────────┼──────────┼───────┼───────┼────────────┼────────────┼───────────┼──────────┼──────────┤',
      '│ 2026-11-22 │        1 │     2 │     2 │ 2.1435 USD │ yes        │ yes       │ recorded │          │',
      '└────────────┴──────────┴───────┴───────┴────────────┴────────────┴───────────┴──────────┴──────────┘',
      'A folder keeps no versions, so only the revisions that the manifests record were checked ("recorded").',
      '',
      'Grand total: 2.1435 USD in 1 archived day.',
      'Verdict: PROVEN. 1 day, all as recorded, byte for byte and to the last digit.',
      '',
    ].join('\n'),
  );
});

test('a tampered CSV is found by its hash and by its sum', async () => {
  const key = `room-charges/day=${DAY}/room-charges.csv`;
  await edit(key, (text) => text.replace(',2.00,', ',1.00,'));
  const { status, stdout } = await verify();
  expect(status).toBe(1);
  expect(stdout).toMatch(/│ NO {9}│ NO {8}│ recorded │/);
  expect(stdout).toMatch(new RegExp(`${key}: SHA-256 is [0-9a-f]{64}, the manifest says [0-9a-f]{64}`));
  expect(stdout).toContain('the rooms add up to 1.1435, the manifest says 2.1435');
  expect(stdout).toContain(`Verdict: NOT PROVEN. 1 of 1 day with a problem: ${DAY}.`);
});

test('a missing row is found by length and row count', async () => {
  const key = `line-items/day=${DAY}/line-items.csv`;
  await edit(key, (text) => text.split('\r\n').slice(0, 2).join('\r\n') + '\r\n');
  const { stdout } = await verify();
  expect(stdout).toMatch(/line-items\.csv: \d+ bytes, the manifest says \d+/);
  expect(stdout).toContain('line-items.csv: 1 rows, the manifest says 2');
});

test('a broken chain of revisions is found in what the manifest records', async () => {
  await edit(`manifests/day=${DAY}.json`, (text) =>
    text.replace(
      /"revisions":\[\{"revision":1,(.*?)"charge":"2.1435"/,
      '"revisions":[{"revision":3,$1"charge":"2.00"',
    ),
  );
  const { status, stdout } = await verify();
  expect(status).toBe(1);
  expect(stdout).toMatch(/│ yes {8}│ yes {7}│ NO {7}│/);
  expect(stdout).toContain('the recorded revisions are numbered 3, not 1 to 1');
  expect(stdout).toContain('the last recorded revision is 3, but the manifest is revision 1');
  expect(stdout).toContain('the last recorded revision closes with 2.00, the manifest says 2.1435');
});

test('--against-api finds a late charge', async () => {
  expect((await verify('--against-api')).status).toBe(0);
  signalWire.logs = [...signalWire.logs, sessionLog('late', { charge: '0.01' })];
  const { status, stdout } = await verify('--against-api');
  expect(status).toBe(1);
  expect(stdout).toContain(
    'SignalWire now lists 2.1535 USD: 1 late charge; restated, the day would be 2.1535 USD',
  );
});
