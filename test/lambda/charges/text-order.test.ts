import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareText, RoomCharges } from '../../../lambda/charges/room-charges.ts';

describe('the order of texts', () => {
  test.each([
    ['a', 'b', -1],
    ['b', 'a', 1],
    ['a', 'a', 0],
    ['', 'a', -1],
    // By code unit, whatever the language.
    ['Z', 'a', -1],
    ['ä', 'z', 1],
    ['room 10', 'room 9', -1],
    ['😀', 'ﬀ', -1],
  ])('of %j and %j is %d', (a, b, order) => {
    expect(compareText(a, b)).toBe(order);
  });

  test('is a total order, and the same from both sides', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(compareText(a, b) + compareText(b, a)).toBe(0);
        expect(compareText(a, b) === 0).toBe(a === b);
      }),
    );
  });
});

test('sessions without a room name come before every room with the same charge, in whatever order they came', () => {
  const share = { sessions: 1, inProgressSessions: 0, durationMs: 0, charges: [{ units: 0n, places: 2 }] };
  for (const names of [
    ['zoo', null, '!'],
    ['!', null, 'zoo'],
  ]) {
    const rooms = new RoomCharges();
    for (const roomName of names) rooms.add({ roomName, ...share });
    expect(rooms.total().rooms.map(({ roomName }) => roomName)).toEqual([null, '!', 'zoo']);
  }
});
