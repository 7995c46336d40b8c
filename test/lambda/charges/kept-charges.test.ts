import { describe, expect, test } from '@jest/globals';
import { isOfBooks } from '../../../lambda/charges/day-books.ts';
import { booksOf } from '../../support/books.ts';
import { sessionLog, uuid } from '../../support/logs.ts';

const MANY_DETAILS = Array.from({ length: 12 }, (_, index) => ({
  charge: index,
  description: `part ${index}`,
}));
const SUM = String((11 * 12) / 2);

describe('what is carried forward', () => {
  test('stands in the archive’s order, in whatever order it is read', () => {
    const before = booksOf([
      sessionLog('old', { createdAt: '2026-11-22T08:00:00Z' }),
      sessionLog('detailed', { charge: SUM, more: { charge_details: MANY_DETAILS } }),
      sessionLog('new', { createdAt: '2026-11-22T20:00:00Z' }),
    ]).close().lineItems;
    expect(before.map(({ x_LogId, x_DetailIndex }) => `${x_LogId} ${x_DetailIndex}`)).toEqual([
      `${uuid('new')} `,
      ...MANY_DETAILS.map((_, index) => `${uuid('detailed')} ${index}`),
      `${uuid('old')} `,
    ]);
    const books = booksOf([]);
    books.carryForward(before.toReversed(), 1);
    expect(books.close().lineItems).toEqual(before.map((item) => ({ ...item, x_LastSeenRevision: '1' })));
  });

  test('belongs to no room where it belonged to none, and to the room that it had', () => {
    const logs = [
      sessionLog('a', { room: null }),
      sessionLog('b', { room: '', charge: '3' }),
      sessionLog('c'),
    ];
    const before = booksOf(logs).close();
    const books = booksOf([]);
    books.carryForward(before.lineItems, 1);
    expect(books.close().charges.rooms).toEqual(before.charges.rooms);
    expect(before.charges.rooms.map(({ roomName }) => roomName)).toEqual([null, 'standup']);
  });

  test.each([
    ['start', { startedAt: null }],
    ['end', { endedAt: null }],
  ])('lasts no time where its %s is not known', (_what, times) => {
    const before = booksOf([sessionLog('a', times)]).close();
    const books = booksOf([]);
    books.carryForward(before.lineItems, 1);
    expect(books.close().charges.rooms.map(({ durationMs }) => durationMs)).toEqual([0]);
  });
});

describe('charge details that do not add up', () => {
  const odd = (name: string) => sessionLog(name, { charge: '1', more: { charge_details: [{ charge: 2 }] } });

  test.each([
    [['a'], '1 log has charge details that do not add up to its charge. '],
    [['a', 'b'], '2 logs have charge details that do not add up to their charge. '],
  ])('of logs %j are told in one notice, which belongs to the books', (names, told) => {
    const { notices } = booksOf(names.map(odd)).close();
    expect(notices).toEqual([`${told}The charge counts; nothing is to be done.`]);
    expect(notices.map(isOfBooks)).toEqual([true]);
  });

  test('any other notice is none of the books', () => {
    expect(isOfBooks('2026-11-21 was restated. Nothing is to be done.')).toBe(false);
    expect(isOfBooks('The charge counts; nothing is to be done. Or is it?')).toBe(false);
  });
});
