import { createHash } from 'node:crypto';
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { BUCKET, IDENTITY, PROJECT_ID } from '../../local/cloud.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { sessionLog, uuid } from '../support/logs.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import { expectConsistentArchive } from './support/consistent-archive.ts';
import {
  CSV_HEADER,
  CSV_KEY,
  DAY,
  LINES_HEADER,
  LINES_KEY,
  manifestOf,
  reportOf,
} from './support/observations.ts';

const COUNT = 40_000;
const ROOMS = 40;
const LAST_SECOND = Date.parse(`${DAY}T23:59:59Z`);

/** In ten-thousandths of a dollar. */
function chargeOf(index: number): number {
  return index === COUNT ? 5_000_000 : (index * 7919) % 30_011;
}

/** A log per second, alternating between two kinds; the one that comes late belongs in the middle. */
function createdAt(index: number): string {
  const second = index === COUNT ? 9999 : Math.floor(index / 2);
  return toSeconds(LAST_SECOND - second * 1000);
}

function logOf(index: number): SignalWireLog {
  const charge = inDollars(chargeOf(index));
  return sessionLog(index, { charge, room: `room ${index % ROOMS}`, createdAt: createdAt(index) });
}

const LOGS = Array.from({ length: COUNT }, (_, index) => logOf(index));

/** The line-items.csv of the first logs. */
function linesOf(count: number): string {
  const indices = Array.from(
    { length: count },
    (_, index) => [index, createdAt(index), uuid(index)] as const,
  );
  indices.sort(([, a, idA], [, b, idB]) => (a === b ? (idA < idB ? -1 : 1) : a < b ? 1 : -1));
  const account = `${PROJECT_ID},127.0.0.1,USD,2026-12-01T00:00:00Z,2026-11-01T00:00:00Z`;
  const names = 'SignalWire,SignalWire,Media,SignalWire Video,SignalWire,Media Streaming';
  const rows = indices.map(([index, start, id]) => {
    const cost = inDollars(chargeOf(index));
    const end = toSeconds(Date.parse(start) + 600_000);
    return (
      `${cost},${account},Usage,,Video room session,Usage-Based,${end},${start},${cost},${cost},` +
      `SignalWire,,SignalWire,${cost},,,${names},${id},video_room_session,realtime_api,room ${index % ROOMS},` +
      `completed,false,,${start},${start},${end},,[],,\r\n`
    );
  });
  return LINES_HEADER + rows.join('');
}

/** The room-charges.csv of the same logs. */
function roomsOf(count: number): string {
  const rooms = Array.from({ length: ROOMS }, (_, room) => ({ room, sessions: 0, charge: 0 }));
  for (let index = 0; index < count; index += 1) {
    const room = rooms[index % ROOMS] ?? { room: -1, sessions: 0, charge: 0 };
    room.sessions += 1;
    room.charge += chargeOf(index);
  }
  rooms.sort((a, b) => b.charge - a.charge);
  const rows = rooms.map(
    ({ room, sessions, charge }) =>
      `${DAY},127.0.0.1,room ${room},${sessions},0,${sessions * 600},${inDollars(charge)},USD\r\n`,
  );
  return CSV_HEADER + rows.join('');
}

function inDollars(tenThousandths: number): string {
  const digits = String(tenThousandths).padStart(5, '0');
  const [, whole = '', fraction = ''] = /^(\d+)(\d{4})$/.exec(digits) ?? [];
  return `${whole}.${fraction.replace(/0{1,2}$/, '')}`;
}

function toSeconds(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

function fileOf(text: string, rows: number): object {
  const bytes = Buffer.from(text);
  return { bytes: bytes.length, rows, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Method, part and condition of every write of the line items since the last call. */
function takeLineWrites({ cloud }: Morning): string[] {
  return cloud.s3.requests.splice(0).flatMap(({ method, url, headers }) => {
    const { pathname, searchParams } = new URL(url, cloud.s3.url);
    if (!decodeURIComponent(pathname).endsWith(LINES_KEY) || ['GET', 'HEAD'].includes(method)) return [];
    const part = searchParams.get('partNumber') ?? (searchParams.has('uploads') ? 'begin' : '');
    const condition = headers['if-none-match'] ?? (headers['if-match'] === undefined ? '' : 'if-match');
    return [[method, part, condition].filter((word) => word !== '').join(' ')];
  });
}

async function unfinishedUploads({ cloud }: Morning): Promise<unknown[]> {
  const client = new S3Client({ ...IDENTITY, endpoint: cloud.s3.url, forcePathStyle: true });
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
  client.destroy();
  return Uploads;
}

test('a day of 40,000 logs is archived in parts, byte for byte, restated in parts, and left alone if nothing changed', async () => {
  const morning = await openMorning({ logs: LOGS });
  const sum = LOGS.reduce((total, _, index) => total + chargeOf(index), 0);
  const [lines, rooms] = [linesOf(COUNT), roomsOf(COUNT)];
  const ports = new Set<number | undefined>();
  morning.cloud.s3.intercept = ({ url }, { socket }) => {
    if (url.includes('partNumber=')) ports.add(socket?.remotePort);
    return false;
  };

  expect(await reportOf(morning)).toMatchObject({
    status: 'delivered',
    charge: inDollars(sum),
    sessions: COUNT,
  });
  // Compared without toBe, which would take minutes to report a failure in so many bytes.
  expect(morning.text(LINES_KEY) === lines).toBe(true);
  expect(morning.text(CSV_KEY)).toBe(rooms);
  expect(manifestOf(morning)).toMatchObject({
    charge: inDollars(sum),
    files: [
      { key: CSV_KEY, ...fileOf(rooms, ROOMS) },
      { key: LINES_KEY, ...fileOf(lines, COUNT) },
    ],
  });
  // The first of 5 MiB, the others of 10.
  const parts = Math.ceil((Buffer.byteLength(lines) / (5 * 1024 * 1024) + 1) / 2);
  const partWrites = Array.from({ length: parts }, (_, index) => `PUT ${index + 1}`);
  expect(parts).toBeGreaterThan(2);
  // Two are in flight at a time, on connections that are kept.
  expect(ports.size).toBeLessThanOrEqual(2);
  expect(takeLineWrites(morning).sort()).toEqual(['POST begin', 'POST *', ...partWrites].sort());
  // Forty pages, and two requests to prove windows; on a busy machine, the rest may be read as windows.
  expect(morning.cloud.signalWire.requests.length).toBeLessThan(80);

  morning.cloud.signalWire.logs = [...LOGS, logOf(COUNT)];
  const { restated } = await morning.run({ day: DAY, restate: true });
  expect(restated).toEqual([
    { day: DAY, revision: 2, before: inDollars(sum), after: inDollars(sum + chargeOf(COUNT)) },
  ]);
  expect(morning.text(LINES_KEY) === linesOf(COUNT + 1)).toBe(true);
  expect(manifestOf(morning).revisions.at(-1)).toMatchObject({ revision: 2, reason: '1 late charge' });
  expect(takeLineWrites(morning).sort()).toEqual(['POST begin', 'POST if-match', ...partWrites].sort());
  expectConsistentArchive(morning);

  expect((await morning.run({ day: DAY, restate: true })).restated).toEqual([]);
  expect(takeLineWrites(morning).sort()).toEqual(['DELETE', 'POST begin', ...partWrites].sort());
  expect(await unfinishedUploads(morning)).toEqual([]);
  expect(morning.cloud.s3.bucket(BUCKET).versions(LINES_KEY)).toHaveLength(2);
}, 240_000);
