// Runs in a process of its own: makes a day, then serves it until it is killed.
import { buildDay } from '../day.ts';
import { startSpace } from './space.ts';

const [logs, rooms, latencyMs] = process.argv.slice(2).map(Number);
if (logs === undefined || rooms === undefined || latencyMs === undefined) {
  throw new Error('Usage: space-process.ts <logs> <rooms> <latency in milliseconds>');
}
const day = buildDay({ logs, rooms });
const { url } = await startSpace(day, latencyMs);
process.send?.({ url, totals: day.totals });
// Nobody is left to be served.
process.on('disconnect', () => process.exit());
