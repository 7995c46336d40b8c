import { tell } from '../terminal.ts';

/** Asks work that goes on day by day to begin no further day. */
export class Stop {
  #reason: string | null = null;

  /** Why no further day is begun; null while all is well. */
  get reason(): string | null {
    return this.#reason;
  }

  /** The first reason counts. */
  request(reason: string): void {
    this.#reason ??= reason;
  }
}

/**
 * Makes Ctrl+C (and SIGTERM) a request to stop. A second one leaves at once.
 *
 * @param notice what that means for what is running
 * @returns what ends that
 */
export function stopOnSignals(stop: Stop, notice: string): () => void {
  const onSignal = (): void => {
    if (stop.reason !== null) process.exit(130);
    stop.request('you stopped it');
    tell(`\nStopping: ${notice} Ctrl+C again leaves at once.`);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  };
}
