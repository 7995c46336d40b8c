import type { Results } from '../results.ts';

/** How much of a whole core the job takes. */
export interface Pace {
  /** Seconds, whatever the day: loading the bundle, the archive's and the mail's requests. */
  readonly fixedSeconds: number;
  /** Seconds a page of 1,000 logs: reading it, its line items, their upload. */
  readonly secondsAPage: number;
}

/**
 * The straight line through the job's smallest and its largest day, and the time to load the bundle.
 *
 * @throws Error where there are not two days that the job has run to its end
 */
export function paceOf({ contests, coldStart }: Pick<Results, 'contests' | 'coldStart'>): Pace {
  const points = contests.memory.flatMap(({ logs, figures }) =>
    figures === null ? [] : [{ pages: logs / 1000, seconds: figures.seconds }],
  );
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first.pages >= last.pages) {
    throw new Error('The job’s pace needs two days of different size');
  }
  const secondsAPage = (last.seconds - first.seconds) / (last.pages - first.pages);
  const ofSmallest = Math.max(0, first.seconds - secondsAPage * first.pages);
  return { fixedSeconds: ofSmallest + coldStart.deployedMs / 1000, secondsAPage };
}
