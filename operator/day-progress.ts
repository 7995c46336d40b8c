import { SingleBar } from 'cli-progress';

/** A progress bar that counts days, on stderr; silent if that is not a terminal. */
export interface DayProgress {
  dayDone(): void;
  stop(): void;
}

/** @param label what is being done, such as `Verifying` */
export function dayProgress(label: string, days: number): DayProgress {
  const bar = new SingleBar({
    format: `${label} [{bar}] {value} of {total} days, {duration_formatted}, {eta_formatted} to go`,
    hideCursor: true,
    // The command handles Ctrl+C itself, and stops the bar when the last running day has ended.
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
