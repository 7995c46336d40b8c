import type { SignalWireClient } from './client.ts';

/**
 * The same client, which tells how long each page took, with all its tries and waits. Pages that are asked for at the
 * same time are told each for itself, those that are wanted no more not at all.
 */
export function timed(client: SignalWireClient, onPage: (milliseconds: number) => void): SignalWireClient {
  return {
    ...client,
    async getPage(url, signal) {
      const started = performance.now();
      try {
        return await client.getPage(url, signal);
      } finally {
        if (signal?.aborted !== true) onPage(performance.now() - started);
      }
    },
    within: (deadline) => timed(client.within(deadline), onPage),
  };
}
