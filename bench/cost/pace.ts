import type { Results } from '../results.ts';

/** How long the job takes on a whole core. */
export interface Pace {
  /** Seconds for any day: loading the bundle, and the archive's and the mail's requests. */
  readonly fixedSeconds: number;
  /** Seconds per page of 1,000 logs: reading it, writing its line items, uploading them. */
  readonly secondsAPage: number;
}

/**
 * The straight line through the job's smallest and its largest day, and the time to load the bundle.
 *
 * @throws Error unless the job has finished two days of different sizes
 */
export function paceOf({ contests, coldStart }: Pick<Results, 'contests' | 'coldStart'>): Pace {
  const points = contests.memory.flatMap(({ logs, figures }) =>
    figures === null ? [] : [{ pages: logs / 1000, seconds: figures.seconds }],
  );
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first.pages >= last.pages) {
    throw new Error('The job’s pace needs two days of different sizes');
  }
  const secondsAPage = (last.seconds - first.seconds) / (last.pages - first.pages);
  const ofSmallest = Math.max(0, first.seconds - secondsAPage * first.pages);
  return { fixedSeconds: ofSmallest + coldStart.deployedMs / 1000, secondsAPage };
}
