import fc from 'fast-check';
import { dayBefore, daysBefore } from '../../../lambda/billing-day.ts';
import { sessionLog } from '../../support/logs.ts';
import { expectMailsOfTheArchive, expectOneMailADay } from './promises.ts';
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

/** The day before today by the world's clock, and the ones before that. */
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

function runs(): fc.Arbitrary<Command> {
  const ask = fc.oneof(
    { weight: 4, arbitrary: fc.constant({ daysAgo: 0, more: null }) },
    fc.record({
      daysAgo: fc.nat({ max: 3 }),
      more: fc.constantFrom<object[]>({}, { email: false }, { restate: true }),
    }),
  );
  return fc.tuple(ask, circumstances()).map(([{ daysAgo, more }, { unreadable, ...met }]) =>
    command(
      more === null
        ? `a scheduled run, ${tell(met, unreadable)}`
        : `a run for the day ${daysAgo} before yesterday with ${JSON.stringify(more)}, ${tell(met, unreadable)}`,
      async (world) => {
        const event = more === null ? {} : { day: recentDay(world, daysAgo), ...more };
        await world.run(event, { ...met, unreadable: unreadable.map((ago) => recentDay(world, ago)) });
      },
    ),
  );
}

function tell({ ses, death }: Pick<Circumstances, 'ses' | 'death'>, unreadable: readonly number[]): string {
  const killed = death === null ? '' : `, killed at call ${death.atCall} (effect: ${death.takesEffect})`;
  const unread = unreadable.length === 0 ? '' : `, can't read the days ${unreadable.join()} before yesterday`;
  return `SES ${ses}${killed}${unread}`;
}

function twoRuns(): fc.Arbitrary<Command> {
  return fc.tuple(pauses(), pauses(), sesAnswer()).map(([first, second, ses]) =>
    command(`two runs at once, pausing ${first.join()} and ${second.join()}, SES ${ses}`, async (world) => {
      await Promise.all([first, second].map((turns) => world.run({}, { ...WELL, ses, pauses: turns })));
    }),
  );
}

function circumstances(): fc.Arbitrary<Omit<Circumstances, 'unreadable'> & { unreadable: number[] }> {
  return fc.record({
    ses: sesAnswer(),
    unreadable: fc.oneof(
      { weight: 3, arbitrary: fc.constant<number[]>([]) },
      fc.uniqueArray(fc.nat({ max: 3 })),
    ),
    death: fc.option(fc.record({ atCall: fc.integer({ min: 1, max: 120 }), takesEffect: fc.boolean() }), {
      freq: 1,
    }),
    pauses: fc.constant([0]),
  });
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
