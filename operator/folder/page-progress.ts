import { SingleBar } from 'cli-progress';

/** A line that counts pages, whose total is unknown; silent if the output is not a terminal. */
export function pageProgress(label: string): { pageRead(): void; stop(): void } {
  const bar = new SingleBar({ format: `${label}: {value} pages, {duration_formatted}`, hideCursor: true });
  bar.start(Number.MAX_SAFE_INTEGER, 0);
  return {
    pageRead: () => {
      bar.increment();
    },
    stop: () => {
      bar.stop();
    },
  };
}
