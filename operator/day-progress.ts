import { SingleBar } from 'cli-progress';

/** A bar that counts days, on stderr; silent where that is no terminal. */
export interface DayProgress {
  dayDone(): void;
  stop(): void;
}

/** @param label what is done to the days */
export function dayProgress(label: string, days: number): DayProgress {
  const bar = new SingleBar({
    format: `${label} [{bar}] {value} of {total} days, {duration_formatted}, {eta_formatted} to go`,
    hideCursor: true,
    // Ctrl+C is the command's own affair: it ends the bar when the last day has ended.
    gracefulExit: false,
  });
  bar.start(days, 0);
  return {
    dayDone: () => {
      bar.increment();
    },
    stop: () => {
      bar.stop();
    },
  };
}
