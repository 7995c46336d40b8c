import type { SignalWireClient } from './client.ts';

/**
 * The same client, but it reports how long each page took, including retries and waits. Pages that are requested at the
 * same time are reported separately; those whose request was aborted are not reported.
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
