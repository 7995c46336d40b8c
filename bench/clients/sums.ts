// The product's reading, exact sums and room-charges.csv, in memory: no line items, no upload, no mail.
import { writeRoomCharges } from '../../lambda/archive/room-charges-csv.ts';
import { billingDay } from '../../lambda/billing-day.ts';
import { formatExact } from '../../lambda/money/money.ts';
import { RoomCharges } from '../../lambda/charges/room-charges.ts';
import { signalWireClient } from '../../lambda/signalwire/client.ts';
import { type LogCollector, readDay } from '../../lambda/signalwire/day-reading.ts';
import { WaitingTime } from '../../lambda/signalwire/waiting-time.ts';
import type { VideoLog } from '../../lambda/signalwire/video-log.ts';
import { measured } from './measured.ts';
// Last, as in the function's handler.
import '../../lambda/small-heap.ts';

class RoomSums implements LogCollector {
  readonly rooms = new RoomCharges();

  add(logs: readonly VideoLog[]): Promise<void> {
    for (const log of logs) if (log.kind === 'session') this.rooms.addSession(log);
    return Promise.resolve();
  }

  end = () => Promise.resolve();
  discard = () => Promise.resolve();
}

await measured(async ({ spaceUrl, date, projectId, apiToken }) => {
  const credentials = { projectId, apiToken };
  const deadline = { remainingMs: () => 15 * 60_000 };
  const usage = { requests: 0, retries: 0 };
  const { getPage } = signalWireClient(() => Promise.resolve(credentials), deadline, usage);
  const { rooms } = await readDay(getPage, spaceUrl, billingDay(date, 'UTC'), () => new RoomSums(), {
    waiting: new WaitingTime(),
    onNotice: console.error,
  });
  const total = rooms.total();
  const csv = writeRoomCharges(total.rooms, { day: date, space: 'example', currency: 'USD' });
  return { charge: formatExact(total.charge), roomCharges: csv.toString() };
});
