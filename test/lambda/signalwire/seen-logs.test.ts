import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AsSent } from '../../../lambda/signalwire/as-sent.ts';
import { HashedLogs, ListedLogs, type SeenLogs } from '../../../lambda/signalwire/seen-logs.ts';
import { DeletedLog } from '../../../lambda/signalwire/video-log.ts';
import { uuid } from '../../support/logs.ts';
import { pageLogs } from '../../support/plain-logs.ts';

const id = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'aa', 'a\0', 'a\0\0\0', 'ä', '🎥'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).map((text) => text.toWellFormed()),
  fc.nat({ max: 30 }).map(uuid),
);
const json = fc.constantFrom('{"a":1}', '{"a":2}', '{"a":"1"}', '{"b":0.10}');

/** Meets one log with an id and some content. */
function meet(seen: SeenLogs, log: string, content: string): unknown {
  const asSent = AsSent.of({ id: log, json: `{"id":${JSON.stringify(log)},"content":${content}}` });
  return seen.meet(pageLogs([new DeletedLog(asSent, 0, '')]), () => true)[0];
}

describe('logs that were met', () => {
  test('are recognised the same by HashedLogs and by ListedLogs', () => {
    const step = fc.record({ id, json, asks: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { size: '+1' }), (steps) => {
        const [hashed, listed] = [new HashedLogs(), new ListedLogs()];
        for (const { id: log, json: content, asks } of steps) {
          const answers = [hashed, listed].map((seen) => (asks ? seen.has(log) : meet(seen, log, content)));
          expect([log, content, answers[0]]).toEqual([log, content, answers[1]]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('are recognised even if there are tens of thousands', () => {
    const [hashed, listed] = [new HashedLogs(), new ListedLogs()];
    const ids = Array.from({ length: 40_000 }, (_, index) =>
      index % 2 === 0 ? uuid(index) : `${index} ${'é'.repeat(index % 90)}`,
    );
    const all = (found: readonly unknown[]): unknown[] => [found.length, ...new Set(found)];
    for (const seen of [hashed, listed]) {
      expect(all(ids.map((log) => seen.has(log)))).toEqual([40_000, false]);
      expect(all(ids.map((log) => meet(seen, log, `{"id":"${log}"}`)))).toEqual([40_000, 'new']);
      expect(all(ids.map((log) => meet(seen, log, `{"id":"${log}"}`)))).toEqual([40_000, 'repeated']);
      expect(all(ids.map((log) => meet(seen, log, '{}')))).toEqual([40_000, 'changed']);
      expect(all(ids.map((log) => seen.has(log)))).toEqual([40_000, true]);
      expect(seen.has(uuid('another'))).toBe(false);
    }
  });

  test('are compared with their contents when they were first met', () => {
    for (const seen of [new HashedLogs(), new ListedLogs()]) {
      expect(meet(seen, 'a', '{"n":1}')).toBe('new');
      expect(meet(seen, 'a', '{"n":2}')).toBe('changed');
      expect(meet(seen, 'a', '{"n":1}')).toBe('repeated');
      expect(meet(seen, 'a', '{"n":2}')).toBe('changed');
    }
  });
});

test('ListedLogs ignores how a log is written', () => {
  const seen = new ListedLogs();
  expect(meet(seen, 'a', '{"charge": 0.10, "url": "\\u0061"}')).toBe('new');
  expect(meet(seen, 'a', '{"charge":0.10,"url":"a"}')).toBe('repeated');
  expect(meet(seen, 'a', '{"charge":0.1,"url":"a"}')).toBe('changed');
});

test('ListedLogs distinguishes ids that differ in half a surrogate pair', () => {
  const seen = new ListedLogs();
  expect(meet(seen, 'a\ud800', '1')).toBe('new');
  expect(meet(seen, 'a\ud801', '1')).toBe('new');
  expect(meet(seen, 'a\ud800', '1')).toBe('repeated');
});

test('an id of the greatest length is distinguished from one with another last character', () => {
  for (const seen of [new HashedLogs(), new ListedLogs()]) {
    const longest = '漢'.repeat(199);
    expect(meet(seen, `${longest}字`, '{}')).toBe('new');
    expect(meet(seen, `${longest}漢`, '{}')).toBe('new');
    expect(seen.has(`${longest}文`)).toBe(false);
  }
});

test('logs that are not wanted, or can’t be read, are not met', () => {
  const logs = ['a', 'b', 'a'].map(
    (log, at) => new DeletedLog(AsSent.of({ id: log, json: `{"id":"${log}"}` }), at, ''),
  );
  const page = pageLogs([...logs, { problem: 'none' }]);
  for (const seen of [new HashedLogs(), new ListedLogs()]) {
    expect(seen.meet(page, (createdAt) => createdAt >= 1)).toEqual([null, 'new', 'new', null]);
    expect(seen.meet(page, (createdAt) => createdAt <= 1)).toEqual(['repeated', 'repeated', null, null]);
  }
});
