import fc from 'fast-check';
import { dayBefore, daysBefore } from '../../../lambda/billing-day.ts';
import { sessionLog } from '../../support/logs.ts';
import type { Death } from './life.ts';
import { expectMailsOfTheArchive, expectOneMailADay, ON_PURPOSE } from './promises.ts';
import { type Circumstances, type SesAnswer, WELL, type World } from './world.ts';

type Command = fc.AsyncCommand<object, World>;

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** Anything that may happen to the job, in any order. */
export function happenings(): fc.Arbitrary<Iterable<Command>> {
  return fc.commands([sessions(), waits(), runs(), twoRuns()], {
    maxCommands: 25,
  });
}

/** Yesterday by the world's clock, or an earlier day. */
export function recentDay({ now }: World, daysAgo: number): string {
  const yesterday = dayBefore(now, 'UTC').day;
  return [yesterday, ...daysBefore(yesterday, daysAgo)][daysAgo] ?? yesterday;
}

function sessions(): fc.Arbitrary<Command> {
  return fc
    .record({ daysAgo: fc.nat({ max: 3 }), cents: fc.integer({ min: 1, max: 99_999 }) })
    .map(({ daysAgo, cents }) =>
      command(`a charge of ${cents} cents, ${daysAgo} days late`, (world) => {
        const createdAt = `${recentDay(world, daysAgo)}T12:00:00Z`;
        const charge = `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
        world.logs.push(sessionLog(`log ${world.logs.length}`, { createdAt, charge }));
        return Promise.resolve();
      }),
    );
}

function waits(): fc.Arbitrary<Command> {
  return fc.constantFrom(5 * 60_000, 19 * 60_000, 21 * 60_000, HOUR, DAY, 2 * DAY).map((time) =>
    command(`${time / 60_000} minutes pass`, (world) => {
      world.now += time;
      return Promise.resolve();
    }),
  );
}

/** What the function is asked for: yesterday, as the schedule does, or one of the last days. */
interface Ask {
  readonly daysAgo: number;
  /** What the event has besides the day; null: the schedule's event. */
  readonly more: object | null;
}

function asks(): fc.Arbitrary<Ask> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant<Ask>({ daysAgo: 0, more: null }) },
    fc.record<Ask>({
      daysAgo: fc.nat({ max: 3 }),
      more: fc.constantFrom<object[]>({}, {}, { email: false }, { restate: true }, { resend: ON_PURPOSE }),
    }),
  );
}

function eventOf({ daysAgo, more }: Ask, world: World): object {
  return more === null ? {} : { day: recentDay(world, daysAgo), ...more };
}

function runs(): fc.Arbitrary<Command> {
  return fc.tuple(asks(), circumstances()).map(([ask, { unreadable, ...met }]) =>
    command(`a run of ${describeAsk(ask)}, ${describeFaults(met, unreadable)}`, async (world) => {
      const days = unreadable.map((ago) => recentDay(world, ago));
      await world.run(eventOf(ask, world), { ...met, unreadable: days });
    }),
  );
}

function twoRuns(): fc.Arbitrary<Command> {
  const run = fc.tuple(asks(), pauses());
  return fc.tuple(run, run, sesAnswer()).map(([first, second, ses]) =>
    command(
      `at once, SES ${ses}: ${[first, second].map(([ask]) => describeAsk(ask)).join(' and ')}`,
      async (world) => {
        await Promise.all(
          [first, second].map(([ask, turns]) =>
            world.run(eventOf(ask, world), { ...WELL, ses, pauses: turns }),
          ),
        );
      },
    ),
  );
}

function describeAsk({ daysAgo, more }: Ask): string {
  return more === null ? 'the schedule' : `the day ${daysAgo} before yesterday with ${JSON.stringify(more)}`;
}

function describeFaults(
  { ses, death, s3Refuses }: Pick<Circumstances, 'ses' | 'death' | 's3Refuses'>,
  unreadable: readonly number[],
): string {
  const killed = death === null ? '' : `, killed at call ${JSON.stringify(death)}`;
  const refused = s3Refuses === null ? '' : `, refused by S3 at call ${JSON.stringify(s3Refuses)}`;
  const unread = unreadable.length === 0 ? '' : `, can't read the days ${unreadable.join()} before yesterday`;
  return `SES ${ses}${killed}${refused}${unread}`;
}

function circumstances(): fc.Arbitrary<Omit<Circumstances, 'unreadable'> & { unreadable: number[] }> {
  return fc.record({
    ses: sesAnswer(),
    s3Refuses: someCall(),
    unreadable: fc.oneof(
      { weight: 3, arbitrary: fc.constant<number[]>([]) },
      fc.uniqueArray(fc.nat({ max: 3 })),
    ),
    death: someCall(),
    pauses: fc.constant([0]),
  });
}

function someCall(): fc.Arbitrary<Death | null> {
  const call = fc.record<Death>({ atCall: fc.integer({ min: 1, max: 80 }), takesEffect: fc.boolean() });
  return fc.option(call, { freq: 1 });
}

function sesAnswer(): fc.Arbitrary<SesAnswer> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant<SesAnswer>('takes') },
    fc.constantFrom<SesAnswer[]>('refuses', 'takes, and the answer is lost', 'is lost'),
  );
}

function pauses(): fc.Arbitrary<number[]> {
  return fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 12 });
}

function command(name: string, happen: (world: World) => Promise<void>): Command {
  return {
    check: () => true,
    async run(_model, world) {
      await happen(world);
      expectOneMailADay(world);
      expectMailsOfTheArchive(world);
    },
    toString: () => name,
  };
}
