import { DayBooks } from '../../lambda/charges/day-books.ts';
import type { BillingAccount } from '../../lambda/charges/line-item.ts';
import { parseExactJson } from '../../lambda/signalwire/exact-json.ts';
import { readVideoLog } from '../../lambda/signalwire/video-log.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';

export const ACCOUNT: BillingAccount = { projectId: 'project', space: 'example', currency: 'USD' };

/** The books of a day, kept from logs as SignalWire sends them. */
export function booksOf(logs: readonly SignalWireLog[]): DayBooks {
  const books = new DayBooks(ACCOUNT);
  for (const { json } of logs) {
    const entry = parseExactJson(json);
    const log = readVideoLog(entry);
    if ('problem' in log) throw new Error(log.problem);
    books.add(log, entry);
  }
  return books;
}
