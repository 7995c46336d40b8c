import { notify } from '../terminal.ts';

/** Asks work that runs day by day to start no further day. */
export class Stop {
  #reason: string | null = null;

  /** Why no further day is started; null while all is well. */
  get reason(): string | null {
    return this.#reason;
  }

  /** Only the first reason is kept. */
  request(reason: string): void {
    this.#reason ??= reason;
  }
}

/**
 * Turns Ctrl+C (and SIGTERM) into a request to stop. A second one quits at once.
 *
 * @param notice what stopping means for the work that is running
 * @returns a function that stops listening
 */
export function stopOnSignals(stop: Stop, notice: string): () => void {
  const onSignal = (): void => {
    if (stop.reason !== null) process.exit(130);
    stop.request('you stopped it');
    notify(`\nStopping: ${notice} Ctrl+C again quits at once.`);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  };
}
