import { describe, expect, test } from '@jest/globals';
import { PROJECT_ID } from '../../local/cloud.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { deletedLog, type LogOptions, sessionLog, uuid } from '../support/logs.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import { expectConsistentArchive, lineItemsOf } from './support/consistent-archive.ts';
import { arrangementsOf, servePages } from './support/faults.ts';
import {
  CSV_HEADER,
  CSV_KEY,
  DAY,
  factsInText,
  LINES_HEADER,
  LINES_KEY,
  manifestOf,
  only,
  reportOf,
  textOf,
  visibleHtml,
} from './support/observations.ts';

const ODD_DETAILS = [{ description: 'Session', charge: 0.5 }];
const DISAGREEMENT =
  '1 log has charge details that do not add up to its charge. The charge counts; nothing is to be done.';

const LOGS: readonly SignalWireLog[] = [
  sessionLog('odd', {
    charge: '0.75',
    room: 'Zürich, "A"',
    createdAt: '2026-11-22T08:00:00.250Z',
    startedAt: '2026-11-22T08:00:01.999Z',
    endedAt: '2026-11-22T08:14:41.001Z',
    more: { charge_details: ODD_DETAILS },
  }),
  sessionLog('split', {
    charge: '0.1435',
    room: '=1+1',
    createdAt: '2026-11-22T23:59:59Z',
    endedAt: '2026-11-23T00:10:00Z',
    more: {
      type: 'video_conference_session',
      url: 'https://example.signalwire.com/api/video/logs/1',
      charge_details: [
        { description: 'Participants', charge: 0.1 },
        { description: 'Recording', charge: '0.0435' },
      ],
    },
  }),
  sessionLog('running', { charge: 'null', status: 'in-progress', endedAt: null }),
  deletedLog('deleted'),
  sessionLog('credit', { charge: '-1e-2', room: null, startedAt: null, endedAt: null }),
];

const LINES = [
  LINES_HEADER.trimEnd(),
  rowOf('0.10', 'Participants', '2026-11-23T00:10:00Z,2026-11-22T23:59:59Z', splitCells(0)),
  rowOf('0.0435', 'Recording', '2026-11-23T00:10:00Z,2026-11-22T23:59:59Z', splitCells(1)),
  rowOf(
    '-0.01',
    'Video room session',
    '2026-11-22T12:00:01Z,2026-11-22T12:00:00Z',
    `${uuid('credit')},video_room_session,realtime_api,,completed,false,,2026-11-22T12:00:00Z,,,,[],,`,
  ),
  rowOf(
    '0.75',
    'Video room session',
    '2026-11-22T08:14:42Z,2026-11-22T08:00:01Z',
    `${uuid('odd')},video_room_session,realtime_api,"Zürich, ""A""",completed,false,,2026-11-22T08:00:00.250Z,` +
      '2026-11-22T08:00:01.999Z,2026-11-22T08:14:41.001Z,,"[{""description"":""Session"",""charge"":0.5}]",,',
  ),
  '',
].join('\r\n');

test('the line items of a small day are archived byte for byte', async () => {
  const morning = await openMorning({ logs: LOGS });

  expect(await reportOf(morning)).toMatchObject({ charge: '0.8835', sessions: 4 });
  expect(morning.text(LINES_KEY)).toBe(LINES);
  expect(manifestOf(morning)).toMatchObject({
    charge: '0.8835',
    sessions: 4,
    inProgressSessions: 1,
    deletedLogs: 1,
    files: [
      { key: CSV_KEY, rows: 4 },
      { key: LINES_KEY, rows: 4, bytes: Buffer.byteLength(LINES) },
    ],
    notices: [DISAGREEMENT],
  });
  const mail = only(await morning.mails());
  expect(textOf(mail)).toContain(`\n! ${DISAGREEMENT}\n`);
  expect(factsInText(mail).filter((fact) => !visibleHtml(mail).includes(fact))).toEqual([]);
  expectConsistentArchive(morning);
});

test('a day without logs has a header and no rows', async () => {
  const morning = await openMorning();
  await morning.run();

  expect(morning.text(LINES_KEY)).toBe(LINES_HEADER);
  expect(morning.text(CSV_KEY)).toBe(CSV_HEADER);
  expectConsistentArchive(morning);
});

describe('rows', () => {
  const details = (...charges: readonly unknown[]): Readonly<Record<string, unknown>> => ({
    charge_details: charges.map((charge) => ({ charge })),
  });

  test.each<[string, LogOptions, readonly string[]]>([
    ['one a detail where they add up', { charge: '0.3', more: details(0.1, 0.2) }, ['0.10', '0.20']],
    [
      'one a detail where texts and numbers add up',
      { charge: '1', more: details('1.5', -0.5) },
      ['1.50', '-0.50'],
    ],
    ['one a detail where there is one', { charge: '0.25', more: details(0.25) }, ['0.25']],
    [
      'one where they add up almost',
      { charge: '0.30000000000000004', more: details(0.1, 0.2) },
      ['0.30000000000000004'],
    ],
    ['one where a detail has no charge', { charge: '0.1', more: details(0.1, null) }, ['0.10']],
    ['one where there are no details', { charge: '0.1', more: { charge_details: null } }, ['0.10']],
    ['one where they are no list', { charge: '0.1', more: { charge_details: 'none' } }, ['0.10']],
    ['one for nothing charged', { charge: '0' }, ['0.00']],
    ['one for a running session with a charge', { charge: '0.1', status: 'in-progress' }, ['0.10']],
    ['none while the charge is not known', { charge: 'null', status: 'in-progress' }, []],
  ])('%s', async (_what, options, costs) => {
    const morning = await openMorning({ logs: [sessionLog(1, options)] });
    await morning.run({ day: DAY, email: false });

    expect(columnOf(morning, 'BilledCost')).toEqual(costs);
    expectConsistentArchive(morning);
  });

  test('of 0.1, a thousand over several pages, add up to a hundred', async () => {
    const morning = await openMorning();
    const logs = Array.from({ length: 1000 }, (_, index) =>
      sessionLog(index, { charge: '0.1', room: `room ${index % 7}` }),
    );
    morning.cloud.signalWire.intercept = servePages([logs.slice(0, 1), logs.slice(1, 400), logs.slice(400)]);

    expect(await reportOf(morning)).toMatchObject({ charge: '100.00', sessions: 1000, rooms: 7 });
    expect(columnOf(morning, 'BilledCost')).toEqual(logs.map(() => '0.10'));
    expectConsistentArchive(morning);
  });

  test('are the newest first, over all pages, then by id, then by detail', async () => {
    const at = (createdAt: string, name: string): SignalWireLog =>
      sessionLog(name, { createdAt, charge: '0.3', more: details(0.1, 0.2) });
    const logs = [
      at('2026-11-22T10:00:00Z', 'a'),
      at('2026-11-22T10:00:00.001Z', 'b'),
      at('2026-11-22T10:00:00Z', 'c'),
      // Half past ten in UTC, in spite of how it is written.
      at('2026-11-22T12:30:00+02:00', 'd'),
      at('2026-11-22T09:59:59Z', 'e'),
    ];
    const morning = await openMorning();
    morning.cloud.signalWire.intercept = servePages([logs.slice(0, 2), [], logs.slice(2)]);
    await morning.run({ day: DAY, email: false });

    const inOrder = [uuid('d'), uuid('b'), ...[uuid('a'), uuid('c')].sort(), uuid('e')];
    expect(columnOf(morning, 'x_LogId')).toEqual(inOrder.flatMap((id) => [id, id]));
    expect(columnOf(morning, 'x_DetailIndex')).toEqual(inOrder.flatMap(() => ['0', '1']));
  });

  test('stay on one line each, whatever a name contains', async () => {
    const rooms = ['lobby\r\nBcc: everyone@example.com', 'a\nb\rc', 'd\u0001e', 'f␊g'];
    const morning = await openMorning({ logs: rooms.map((room) => sessionLog(room, { room })) });
    await morning.run();

    expect(columnOf(morning, 'x_RoomName').sort()).toEqual([
      'a␊b␍c',
      'd␁e',
      'f␛␊g',
      'lobby␍␊Bcc: everyone@example.com',
    ]);
    expect(morning.text(LINES_KEY).split(/\r\n|\r|\n/)).toHaveLength(6);
    expectConsistentArchive(morning);
  });

  test('are the same bytes in any order and on any pages', async () => {
    const logs = [...LOGS, ...Array.from({ length: 8 }, (_, index) => sessionLog(index))];
    const files = await Promise.all(
      arrangementsOf(logs).map(async (arrangement) => {
        const morning = await openMorning({ logs });
        morning.cloud.signalWire.intercept = arrangement;
        await morning.run({ day: DAY, email: false });
        expectConsistentArchive(morning);
        return morning.text(LINES_KEY);
      }),
    );

    expect(new Set(files).size).toBe(1);
  });
});

/** @param period end and start @param own what follows the columns that are the same for every log */
function rowOf(cost: string, description: string, period: string, own: string): string {
  const account = `${PROJECT_ID},127.0.0.1,USD,2026-12-01T00:00:00Z,2026-11-01T00:00:00Z`;
  const names = 'SignalWire,SignalWire,Media,SignalWire Video,SignalWire,Media Streaming';
  return (
    `${cost},${account},Usage,,${description},Usage-Based,${period},${cost},${cost},` +
    `SignalWire,,SignalWire,${cost},,,${names},${own}`
  );
}

function splitCells(detail: number): string {
  return (
    `${uuid('split')},video_conference_session,realtime_api,=1+1,completed,false,` +
    'https://example.signalwire.com/api/video/logs/1,2026-11-22T23:59:59Z,2026-11-22T23:59:59Z,' +
    `2026-11-23T00:10:00Z,${detail},,,`
  );
}

function columnOf(morning: Morning, column: string): (string | undefined)[] {
  return lineItemsOf(morning, manifestOf(morning)).map((row) => row[column]);
}
