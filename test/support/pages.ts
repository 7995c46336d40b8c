import { type LogsPage, PageReader, type UnreadablePage } from '../../lambda/signalwire/page-reader.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { textOf } from './plain-logs.ts';

const reader = new PageReader();

/** The only page of a list of these logs, read as the job reads it. */
export function onlyPage(logs: readonly SignalWireLog[]): LogsPage | UnreadablePage {
  return reader.read(textOf(`{"links":{},"data":[${logs.map(({ json }) => json).join()}]}`));
}
