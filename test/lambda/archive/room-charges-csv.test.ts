import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRoomCharges, writeRoomCharges } from '../../../lambda/archive/room-charges-csv.ts';
import { formatExact, parseArchived } from '../../../lambda/money/money.ts';
import type { RoomCharge } from '../../../lambda/charges/room-charges.ts';

const HEADER = 'day,space,room_name,sessions,in_progress_sessions,duration_seconds,charge,currency\r\n';
const DAY = { day: '2026-11-22', space: 'example', currency: 'USD' };

function room(roomName: string | null, charge = '0.10'): RoomCharge {
  return {
    roomName,
    sessions: 2,
    inProgressSessions: 1,
    durationMs: 1_234_500,
    charge: parseArchived(charge),
  };
}

function csvOf(rooms: readonly RoomCharge[]): string {
  return writeRoomCharges(rooms, DAY).toString();
}

describe('room-charges.csv', () => {
  test('of a day without rooms is only its header', () => {
    expect(csvOf([])).toBe(HEADER);
  });

  test('has a row for each room, in the order given, with every digit of the charge, and CRLF', () => {
    expect(csvOf([room('standup', '1e-7'), room(null, '-2')])).toBe(
      `${HEADER}2026-11-22,example,standup,2,1,1235,0.0000001,USD\r\n2026-11-22,example,,2,1,1235,-2.00,USD\r\n`,
    );
  });

  test.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['two\nlines', '"two\nlines"'],
    ['two\rlines', '"two\rlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['\n=1', '"\'\n=1"'],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
    ['1-1', '1-1'],
    [' =1', ' =1'],
    ["'quoted'", "'quoted'"],
    ['東京 🎉', '東京 🎉'],
  ])('writes the room %j as %s', (name, cell) => {
    expect(csvOf([room(name)])).toBe(`${HEADER}2026-11-22,example,${cell},2,1,1235,0.10,USD\r\n`);
  });

  test('has no byte order mark', () => {
    expect(writeRoomCharges([], DAY).subarray(0, 3).toString()).toBe('day');
  });

  test('reads back as it was written, whatever the names', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('=', '-', '"', ',', '\r', '\n', "'", 'a', '\t', ' ') }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.bigInt())), (rows) => {
        const rooms = rows.map(([name, amount]) => room(name.toWellFormed(), String(amount)));
        const back = readRoomCharges(writeRoomCharges(rooms, DAY));
        expect(back.map(({ room_name, charge }) => [room_name, charge])).toEqual(
          rooms.map(({ roomName, charge }) => [guarded(roomName ?? ''), formatExact(charge)]),
        );
      }),
    );
  });
});

const FORMULA_STARTS = new Set(['=', '+', '-', '@', '\t', '\r', '\n']);

function guarded(name: string): string {
  return FORMULA_STARTS.has(name.charAt(0)) ? `'${name}` : name;
}
