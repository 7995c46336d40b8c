import type { SignalWireClient } from './client.ts';

/**
 * A client that is loaded when it is first used. A run whose day is already delivered never uses it, and need not wait
 * for the modules that read pages to load.
 */
export function onDemand(load: () => Promise<SignalWireClient>): SignalWireClient {
  let loading: Promise<SignalWireClient> | null = null;
  const loaded = (): Promise<SignalWireClient> => (loading ??= load());
  return {
    getPage: async (url, signal) => (await loaded()).getPage(url, signal),
    projectId: async () => (await loaded()).projectId(),
    within: (deadline) => onDemand(async () => (await loaded()).within(deadline)),
  };
}
