import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRoomCharges, roomNameOf, writeRoomCharges } from '../../../lambda/archive/room-charges-csv.ts';
import { ZERO } from '../../../lambda/money/money.ts';

const DAY = { day: '2026-11-22', space: 'example', currency: 'USD' };

/** The names as a reader of the file gets them. */
function throughTheFile(...names: readonly (string | null)[]): (string | null)[] {
  const rooms = names.map((roomName) => ({
    roomName,
    sessions: 1,
    inProgressSessions: 0,
    durationMs: 0,
    charge: ZERO,
  }));
  return readRoomCharges(writeRoomCharges(rooms, DAY)).map(roomNameOf);
}

test.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  "'quoted'",
  "it's =1",
  "a'=1",
  '東京 🎉',
  ' ',
])('the room name %j is the same after it was written and read', (name) => {
  expect(throughTheFile(name)).toEqual([name]);
});

test('a missing name stays missing', () => {
  expect(throughTheFile(null)).toEqual([null]);
});

test('every name comes back unchanged, except one that already looks guarded', () => {
  const names = fc
    .string({ unit: fc.constantFrom('=', '-', '@', "'", 'a', '"', ',', '\r', '\n', '\t'), minLength: 1 })
    .filter((name) => !/^'[=+\-@\t\r\n]/.test(name));
  fc.assert(
    fc.property(fc.array(names), (list) => {
      expect(throughTheFile(...list)).toEqual(list);
    }),
  );
});
