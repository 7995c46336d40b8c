import { type LogsPage, PageReader, type UnreadablePage } from '../../lambda/signalwire/page-reader.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { textOf } from './plain-logs.ts';

const reader = new PageReader();

/** A page with these logs, the only one of its list, read as the job reads it. */
export function onlyPage(logs: readonly SignalWireLog[]): LogsPage | UnreadablePage {
  return reader.read(textOf(`{"links":{},"data":[${logs.map(({ json }) => json).join()}]}`));
}
