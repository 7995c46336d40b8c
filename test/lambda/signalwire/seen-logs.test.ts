import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HashedLogs, ListedLogs } from '../../../lambda/signalwire/seen-logs.ts';
import { uuid } from '../../support/logs.ts';

const id = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'aa', 'a\0', 'a\0\0\0', 'ä', '🎥'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).map((text) => text.toWellFormed()),
  fc.nat({ max: 30 }).map(uuid),
);
const json = fc.constantFrom('{"a":1}', '{"a":2}', '{"a":"1"}', '{"b":0.10}');

describe('logs that were met', () => {
  test('are known again, whichever way they are remembered', () => {
    const step = fc.record({ id, json, asks: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { size: '+1' }), (steps) => {
        const [hashed, listed] = [new HashedLogs(), new ListedLogs()];
        for (const { id: log, json: content, asks } of steps) {
          const answers = [hashed, listed].map((seen) => (asks ? seen.has(log) : seen.meet(log, content)));
          expect([log, content, answers[0]]).toEqual([log, content, answers[1]]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('are known again when they are ten thousands', () => {
    const [hashed, listed] = [new HashedLogs(), new ListedLogs()];
    const ids = Array.from({ length: 40_000 }, (_, index) =>
      index % 2 === 0 ? uuid(index) : `${index} ${'é'.repeat(index % 90)}`,
    );
    const all = (found: readonly unknown[]): unknown[] => [found.length, ...new Set(found)];
    for (const seen of [hashed, listed]) {
      expect(all(ids.map((log) => seen.has(log)))).toEqual([40_000, false]);
      expect(all(ids.map((log) => seen.meet(log, `{"id":"${log}"}`)))).toEqual([40_000, 'new']);
      expect(all(ids.map((log) => seen.meet(log, `{"id":"${log}"}`)))).toEqual([40_000, 'repeated']);
      expect(all(ids.map((log) => seen.meet(log, '{}')))).toEqual([40_000, 'changed']);
      expect(all(ids.map((log) => seen.has(log)))).toEqual([40_000, true]);
      expect(seen.has(uuid('another'))).toBe(false);
    }
  });

  test('are told apart by what they say as it was first met', () => {
    for (const seen of [new HashedLogs(), new ListedLogs()]) {
      expect(seen.meet('a', '{"n":1}')).toBe('new');
      expect(seen.meet('a', '{"n":2}')).toBe('changed');
      expect(seen.meet('a', '{"n":1}')).toBe('repeated');
      expect(seen.meet('a', '{"n":2}')).toBe('changed');
    }
  });
});

test('the way in which a log is written makes no other of it where they are listed', () => {
  const seen = new ListedLogs();
  expect(seen.meet('a', '{"charge": 0.10, "url": "\\u0061"}')).toBe('new');
  expect(seen.meet('a', '{"charge":0.10,"url":"a"}')).toBe('repeated');
  expect(seen.meet('a', '{"charge":0.1,"url":"a"}')).toBe('changed');
});

test('an id of the greatest length is told from one that differs in its last character', () => {
  for (const seen of [new HashedLogs(), new ListedLogs()]) {
    const longest = '漢'.repeat(199);
    expect(seen.meet(`${longest}字`, '{}')).toBe('new');
    expect(seen.meet(`${longest}漢`, '{}')).toBe('new');
    expect(seen.has(`${longest}文`)).toBe(false);
  }
});
