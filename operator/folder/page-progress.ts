import { SingleBar } from 'cli-progress';

/** A line that counts the pages of an unknown number; silent where the output is no terminal. */
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
