import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Attempt,
  CLAIM_HOLDS_MS,
  type DeliveryState,
  nextAttempt,
  stateOf,
} from '../../../lambda/email/delivery-state.ts';

const NOW = Date.parse('2026-11-23T06:00:00Z');

function taken(messageId: string): Attempt {
  return { claimedAt: NOW - 1000, outcome: { kind: 'taken', messageId } };
}
const refused: Attempt = { claimedAt: NOW - 1000, outcome: { kind: 'refused' } };
const underWay: Attempt = { claimedAt: NOW - CLAIM_HOLDS_MS + 1, outcome: null };
const unknown: Attempt = { claimedAt: NOW - CLAIM_HOLDS_MS, outcome: null };

describe('the state of a mail', () => {
  test.each<[string, Attempt[], DeliveryState]>([
    ['nothing', [], { kind: 'unclaimed' }],
    ['a receipt', [taken('id')], { kind: 'delivered', messageId: 'id' }],
    ['a claim younger than 20 minutes', [underWay], { kind: 'claimed' }],
    ['a claim from a clock that is ahead', [{ claimedAt: NOW + 5000, outcome: null }], { kind: 'claimed' }],
    ['a claim of 20 minutes', [unknown], { kind: 'unknown', attempts: 1 }],
    ['a refusal', [refused], { kind: 'refused', attempts: 1, mayHaveArrived: false }],
    ['three refusals', [refused, refused, refused], { kind: 'refused', attempts: 3, mayHaveArrived: false }],
    ['a refusal, then a receipt', [refused, taken('second')], { kind: 'delivered', messageId: 'second' }],
    ['a refusal, then a claim', [refused, underWay], { kind: 'claimed' }],
    ['a refusal, then an old claim', [refused, unknown], { kind: 'unknown', attempts: 2 }],
    ['an old claim, then a claim', [unknown, underWay], { kind: 'claimed' }],
    ['an old claim, then a receipt', [unknown, taken('repeat')], { kind: 'delivered', messageId: 'repeat' }],
    [
      'an old claim, then a refusal',
      [unknown, refused],
      { kind: 'refused', attempts: 2, mayHaveArrived: true },
    ],
    [
      'an old claim, then refusals',
      [unknown, refused, refused],
      { kind: 'refused', attempts: 3, mayHaveArrived: true },
    ],
    ['two old claims', [unknown, unknown], { kind: 'given-up' }],
    ['two old claims with refusals between', [refused, unknown, refused, unknown], { kind: 'given-up' }],
  ])('after %s', (_what, attempts, state) => {
    expect(stateOf(attempts, NOW)).toEqual(state);
  });
});

test.each<[Parameters<typeof nextAttempt>[0], ReturnType<typeof nextAttempt>]>([
  [{ kind: 'unclaimed' }, { number: 1, possibleRepeat: false }],
  [
    { kind: 'refused', attempts: 2, mayHaveArrived: false },
    { number: 3, possibleRepeat: false },
  ],
  [
    { kind: 'refused', attempts: 2, mayHaveArrived: true },
    { number: 3, possibleRepeat: true },
  ],
  [
    { kind: 'unknown', attempts: 1 },
    { number: 2, possibleRepeat: true },
  ],
])('the attempt after %j', (state, attempt) => {
  expect(nextAttempt(state)).toEqual(attempt);
});

test('whatever the outcomes: never more than two attempts that may have arrived, the second one marked', () => {
  const outcome = fc.constantFrom<('taken' | 'refused' | 'lost')[]>('taken', 'refused', 'lost');
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 8 }), (outcomes) => {
      const attempts: Attempt[] = [];
      const mayHaveArrived: boolean[] = [];
      let now = NOW;
      for (const ended of outcomes) {
        const state = stateOf(attempts, now);
        if (state.kind === 'delivered' || state.kind === 'claimed' || state.kind === 'given-up') break;
        const { number, possibleRepeat } = nextAttempt(state);
        expect(number).toBe(attempts.length + 1);
        if (ended !== 'refused') mayHaveArrived.push(possibleRepeat);
        attempts.push({ claimedAt: now, outcome: outcomeOf(ended) });
        now += CLAIM_HOLDS_MS;
      }
      expect([[], [false], [false, true]]).toContainEqual(mayHaveArrived);
    }),
  );

  function outcomeOf(ended: 'taken' | 'refused' | 'lost'): Attempt['outcome'] {
    if (ended === 'lost') return null;
    return ended === 'taken' ? { kind: 'taken', messageId: 'id' } : { kind: 'refused' };
  }
});
