// Runs in its own process: makes a day, then serves it until it is killed.
import { buildDay } from '../day.ts';
import { startSpace } from './space.ts';

const [logs, rooms, latencyMs] = process.argv.slice(2).map(Number);
if (logs === undefined || rooms === undefined || latencyMs === undefined) {
  throw new Error('Usage: space-process.ts <logs> <rooms> <latency in milliseconds>');
}
const day = buildDay({ logs, rooms });
const { url } = await startSpace(day, latencyMs);
process.send?.({ url, totals: day.totals });
// The parent process is gone, so nobody is left to serve.
process.on('disconnect', () => process.exit());
