import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Attempt,
  CLAIM_HOLDS_MS,
  type DeliveryState,
  stateOf,
} from '../../../lambda/email/delivery-state.ts';

const NOW = Date.parse('2026-11-23T06:00:00Z');

function taken(messageId: string): Attempt {
  return { kind: 'taken', messageId };
}
const refused: Attempt = { kind: 'refused' };
const underWay: Attempt = { kind: 'open', claimedAt: NOW - CLAIM_HOLDS_MS + 1 };
const unknown: Attempt = { kind: 'open', claimedAt: NOW - CLAIM_HOLDS_MS };

test('a claim holds for 20 minutes', () => {
  expect(CLAIM_HOLDS_MS).toBe(1_200_000);
});

describe('the state of a mail', () => {
  test.each<[string, Attempt[], DeliveryState]>([
    ['nothing', [], { kind: 'unclaimed', attempts: 0 }],
    ['a receipt', [taken('id')], { kind: 'delivered', messageId: 'id' }],
    ['a claim younger than 20 minutes', [underWay], { kind: 'claimed' }],
    ['a claim from a clock that is ahead', [{ kind: 'open', claimedAt: NOW + 5000 }], { kind: 'claimed' }],
    ['a claim that is 20 minutes old', [unknown], { kind: 'unknown', attempts: 1 }],
    ['a refusal', [refused], { kind: 'refused', attempts: 1 }],
    ['three refusals', [refused, refused, refused], { kind: 'refused', attempts: 3 }],
    ['a refusal, then a receipt', [refused, taken('second')], { kind: 'delivered', messageId: 'second' }],
    ['a refusal, then a claim', [refused, underWay], { kind: 'claimed' }],
    ['a refusal, then an old claim', [refused, unknown], { kind: 'unknown', attempts: 2 }],
    ['an old claim, then a claim', [unknown, underWay], { kind: 'claimed' }],
    ['an old claim, then a receipt', [unknown, taken('repeat')], { kind: 'delivered', messageId: 'repeat' }],
    ['an old claim, then a refusal', [unknown, refused], { kind: 'unknown', attempts: 2 }],
    ['an old claim, then refusals', [unknown, refused, refused], { kind: 'unknown', attempts: 3 }],
    ['two old claims', [unknown, unknown], { kind: 'given-up' }],
    ['two old claims with refusals between', [refused, unknown, refused, unknown], { kind: 'given-up' }],
  ])('after %s', (_what, attempts, state) => {
    expect(stateOf(attempts, [], NOW)).toEqual(state);
  });

  test.each<[string, Attempt[], Attempt[], DeliveryState]>([
    ['accepted', [], [taken('resent')], { kind: 'delivered', messageId: 'resent' }],
    ['accepted, like its own', [taken('own')], [taken('resent')], { kind: 'delivered', messageId: 'own' }],
    ['refused', [], [refused], { kind: 'refused', attempts: 0 }],
    ['being sent', [], [underWay], { kind: 'claimed' }],
    ['may have arrived', [], [unknown], { kind: 'unknown', attempts: 0 }],
    ['may have arrived, like its own', [unknown], [unknown], { kind: 'given-up' }],
  ])('with the same report sent once more on request: %s', (_what, own, resends, state) => {
    expect(stateOf(own, resends, NOW)).toEqual(state);
  });
});

test('whatever the outcomes, at most two attempts may have arrived, and the second one is marked', () => {
  const outcome = fc.constantFrom<('taken' | 'refused' | 'lost')[]>('taken', 'refused', 'lost');
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 8 }), (outcomes) => {
      const attempts: Attempt[] = [];
      const marks: boolean[] = [];
      let now = NOW;
      for (const ended of outcomes) {
        const state = stateOf(attempts, [], now);
        if (state.kind === 'delivered' || state.kind === 'claimed' || state.kind === 'given-up') break;
        expect(state.attempts).toBe(attempts.length);
        if (ended !== 'refused') marks.push(state.kind === 'unknown');
        attempts.push(attemptThat(ended, now));
        now += CLAIM_HOLDS_MS;
      }
      expect([[], [false], [false, true]]).toContainEqual(marks);
    }),
  );

  function attemptThat(ended: 'taken' | 'refused' | 'lost', claimedAt: number): Attempt {
    if (ended === 'lost') return { kind: 'open', claimedAt };
    return ended === 'taken' ? taken('id') : refused;
  }
});
