import type { ClientName } from './clients.ts';
import { NOT_HERE, type Result } from './contest.ts';
import type { SomeResults } from './results.ts';

const OURS: readonly ClientName[] = ['sums', 'job'];

/** What makes a run fail: one of our sums is wrong, or a client broke. Speed does not matter. */
export function faultsOf({ contests }: Pick<SomeResults, 'contests'>): string[] {
  return Object.entries(contests).flatMap(([contest, results]) =>
    results.flatMap((result) => faultsIn(result).map((fault) => `${contest}: ${result.client}: ${fault}`)),
  );
}

function faultsIn({ client, wrongBy, problems }: Result): string[] {
  const isWrong = wrongBy !== null && OURS.includes(client);
  return [
    ...(isWrong ? [`the sum is wrong by ${wrongBy} dollars`] : []),
    ...problems.filter((p) => p !== NOT_HERE),
  ];
}
