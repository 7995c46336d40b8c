import type { SignalWireClient } from './client.ts';

/**
 * A client that is loaded when it is first asked for something. A run whose day is delivered asks it nothing, and
 * need not wait for what reads pages to be loaded.
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
