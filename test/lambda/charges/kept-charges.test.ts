import { describe, expect, test } from '@jest/globals';
import { isOfBooks } from '../../../lambda/charges/day-books.ts';
import { closedBooks } from '../../support/books.ts';
import { sessionLog, uuid } from '../../support/logs.ts';

const MANY_DETAILS = Array.from({ length: 12 }, (_, index) => ({
  charge: index,
  description: `part ${index}`,
}));
const SUM = String((11 * 12) / 2);

describe('a charge that is carried forward', () => {
  test('is in the archive’s order', async () => {
    const { lineItems: before } = await closedBooks([
      sessionLog('old', { createdAt: '2026-11-22T08:00:00Z' }),
      sessionLog('detailed', { charge: SUM, more: { charge_details: MANY_DETAILS } }),
      sessionLog('new', { createdAt: '2026-11-22T20:00:00Z' }),
    ]);
    expect(before.map(({ x_LogId, x_DetailIndex }) => `${x_LogId} ${x_DetailIndex}`)).toEqual([
      `${uuid('new')} `,
      ...MANY_DETAILS.map((_, index) => `${uuid('detailed')} ${index}`),
      `${uuid('old')} `,
    ]);
    const { lineItems } = await closedBooks([], before);
    expect(lineItems).toEqual(before.map((item) => ({ ...item, x_LastSeenRevision: '1' })));
  });

  test('belongs to the same room as before, or still to none', async () => {
    const logs = [
      sessionLog('a', { room: null }),
      sessionLog('b', { room: '', charge: '3' }),
      sessionLog('c'),
    ];
    const before = await closedBooks(logs);
    const { charges } = await closedBooks([], before.lineItems);
    expect(charges.rooms).toEqual(before.charges.rooms);
    expect(before.charges.rooms.map(({ roomName }) => roomName)).toEqual([null, 'standup']);
  });

  test.each([
    ['start', { startedAt: null }],
    ['end', { endedAt: null }],
  ])('has no duration if its %s is not known', async (_what, times) => {
    const before = await closedBooks([sessionLog('a', times)]);
    const { charges } = await closedBooks([], before.lineItems);
    expect(charges.rooms.map(({ durationMs }) => durationMs)).toEqual([0]);
  });
});

describe('charge details that do not add up', () => {
  const odd = (name: string) => sessionLog(name, { charge: '1', more: { charge_details: [{ charge: 2 }] } });

  test.each([
    [['a'], '1 log has charge details that do not add up to its charge. '],
    [['a', 'b'], '2 logs have charge details that do not add up to their charge. '],
  ])('for logs %j lead to one notice, which is one of the books', async (names, beginning) => {
    const { notices } = await closedBooks(names.map(odd));
    expect(notices).toEqual([`${beginning}The charge counts; nothing is to be done.`]);
    expect(notices.map(isOfBooks)).toEqual([true]);
  });

  test('are the only reason for a notice of the books', () => {
    expect(isOfBooks('2026-11-21 was restated. Nothing is to be done.')).toBe(false);
    expect(isOfBooks('The charge counts; nothing is to be done. Or is it?')).toBe(false);
  });
});
