import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { daysBefore } from '../../../lambda/billing-day.ts';
import { happenings, recentDay } from './commands.ts';
import {
  expectAllDelivered,
  expectMailsOfTheArchive,
  expectOneMailADay,
  expectWholeArchive,
  givenUpDays,
} from './promises.ts';
import { WELL, World } from './world.ts';

const DAY = 24 * 60 * 60_000;

test('whatever happens, there is one mail a day with archived figures, and once all works again, all is delivered', async () => {
  await fc.assert(
    fc.asyncProperty(happenings(), async (commands) => {
      const world = new World('2026-11-10T06:00:00Z');
      await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);

      world.now += DAY;
      const yesterday = recentDay(world, 0);
      const givenUp = await givenUpDays(world, daysBefore(yesterday, 35));
      expect(await world.run({}, WELL)).toMatchObject(
        // Only a person can have these mailed: each run fails because of them until somebody does.
        givenUp.length === 0
          ? { kind: 'ended' }
          : { kind: 'failed', error: { name: 'EmailOutcomeUnknownError' } },
      );
      expectOneMailADay(world);
      expectMailsOfTheArchive(world);
      expectWholeArchive(world, daysBefore(yesterday, 35));
      await expectAllDelivered(world, yesterday);
    }),
    { numRuns: 200 },
  );
});
