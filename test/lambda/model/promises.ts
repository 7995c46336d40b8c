import { expect } from '@jest/globals';
import { emailsPrefix } from '../../../lambda/archive/layout.ts';
import { daysBefore } from '../../../lambda/billing-day.ts';
import { formatExact, parseMoney, ZERO } from '../../../lambda/money/money.ts';
import { DeliveryJournal } from '../../../lambda/email/delivery-journal.ts';
import type { DeliveryState } from '../../../lambda/email/delivery-state.ts';
import type { SesCall, World } from './world.ts';

/** Part of the reason of every resend in the model. */
export const ON_PURPOSE = 'on purpose';

const TWENTY_MINUTES = 20 * 60_000;

/**
 * At most one mail a day, besides those that somebody requested, unless the outcome of the first was unknown for 20
 * minutes; the second one says so.
 */
export function expectOneMailADay({ sesCalls }: World): void {
  const unasked = sesCalls.filter(({ text }) => !text.includes(ON_PURPOSE));
  for (const calls of Map.groupBy(unasked, ({ day }) => day).values()) {
    const mayHaveArrived = calls.filter(({ refused }) => !refused);
    expect(mayHaveArrived.length).toBeLessThanOrEqual(2);
    const [first, second] = mayHaveArrived;
    if (first === undefined || second === undefined) continue;
    expect(second.at - first.at).toBeGreaterThanOrEqual(TWENTY_MINUTES);
    expect(isMarked(first)).toBe(false);
    expect(isMarked(second)).toBe(true);
  }
}

/** No mail without its archive: its total was in the archive when it was sent. */
export function expectMailsOfTheArchive({ sesCalls }: World): void {
  for (const { text, archived } of sesCalls) {
    expect(archived.filter((charge) => text.includes(` ${charge} USD`))).not.toEqual([]);
  }
}

/** Everything that SignalWire lists for an archived day is in its archive, once. */
export function expectWholeArchive(world: World, days: readonly string[]): void {
  for (const day of days.filter((name) => world.manifests(name).length > 0)) {
    const ofDay = world.logs.filter(({ createdAt }) => createdAt.startsWith(day));
    const sum = ofDay.reduce((total, { json }) => total.plus(chargeIn(json)), ZERO);
    expect([day, world.manifests(day).at(-1)?.charge]).toEqual([day, formatExact(sum)]);
  }
}

/**
 * Every day after the first delivered one is delivered, unless it was archived without a mail on purpose, or given up
 * after two attempts with an unknown outcome.
 *
 * @param day the last of these days
 */
export async function expectAllDelivered(world: World, day: string): Promise<void> {
  const due = await dueDays(world, [day, ...daysBefore(day, 35)]);
  expect(due).not.toEqual([]);
  const unsettled = due.filter(({ kind }) => kind !== 'delivered' && kind !== 'waived');
  expect(unsettled.filter(({ kind, open }) => kind !== 'given-up' || open !== 2)).toEqual([]);
}

/** Among some days, newest first, those due that no run will mail by itself. */
export async function givenUpDays(world: World, days: readonly string[]): Promise<string[]> {
  return (await dueDays(world, days)).filter(({ kind }) => kind === 'given-up').map(({ name }) => name);
}

interface DueDay {
  readonly name: string;
  readonly kind: DeliveryState['kind'] | 'waived';
  /** Claims with an unknown outcome. */
  readonly open: number;
}

/** The first delivered day, and those after it. */
async function dueDays(world: World, days: readonly string[]): Promise<DueDay[]> {
  const states = await Promise.all(
    days.toReversed().map(async (name): Promise<DueDay> => {
      const prefix = emailsPrefix(name);
      const { kind } = await new DeliveryJournal(world.store, prefix).read(world.now);
      const names = (await Array.fromAsync(world.store.list(prefix))).map((key) => key.slice(prefix.length));
      const isWaived = names.includes('not-to-be-mailed.json');
      return { name, kind: kind !== 'delivered' && isWaived ? 'waived' : kind, open: openClaims(names) };
    }),
  );
  const first = states.findIndex(({ kind }) => kind === 'delivered');
  return first === -1 ? [] : states.slice(first);
}

/** Claims with neither a receipt nor a refusal beside them. */
function openClaims(names: readonly string[]): number {
  const claims = names.filter((name) => name.includes('claim-'));
  const endings = ['receipt', 'refusal'];
  return claims.filter((name) => !endings.some((ending) => names.includes(name.replace('claim', ending))))
    .length;
}

function isMarked({ text }: SesCall): boolean {
  return /possible repeat/i.test(text);
}

function chargeIn(json: string): NonNullable<ReturnType<typeof parseMoney>> {
  const [, text = ''] = /"charge":([-\d.]+)\}$/.exec(json) ?? [];
  const charge = parseMoney(text);
  if (charge === null) throw new Error(`No charge in ${json}`);
  return charge;
}
