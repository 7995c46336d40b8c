import { beforeAll } from '@jest/globals';

/** Cases that are started before the first test, because each mostly waits, and they may as well wait together. */
const startedFirst: (() => void)[] = [];
beforeAll(() => {
  for (const start of startedFirst) start();
});

interface Together {
  /** Started only before the tests of the same block, so that cases which count seconds don't share the machine. */
  readonly apart?: boolean;
}

/**
 * Runs all cases at once.
 *
 * @returns a function that returns the outcome of a case
 */
export function together<Case, Result>(
  cases: readonly Case[],
  run: (of: Case) => Promise<Result>,
  { apart = false }: Together = {},
): (of: Case) => Promise<Result> {
  const outcomes = new Map<Case, Promise<PromiseSettledResult<Result>>>();
  const start = (): void => {
    for (const each of cases) {
      outcomes.set(
        each,
        Promise.allSettled([run(each)]).then(([settled]) => settled),
      );
    }
  };
  if (apart) beforeAll(start);
  else startedFirst.push(start);
  return async (of) => {
    const settled = await outcomes.get(of);
    if (settled?.status !== 'fulfilled') throw settled?.reason;
    return settled.value;
  };
}
