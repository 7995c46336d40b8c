import { toWholeSeconds } from '../lambda/whole-seconds.ts';
import type { SignalWireLog } from './signalwire-server.ts';

/**
 * What a day's logs may look like one night later: a session that was in progress has ended and has its charge now, and
 * somebody has deleted the log of another.
 *
 * @param logs of one day
 * @throws Error if none of them is in progress, or none is completed
 */
export function oneNightLater(logs: readonly SignalWireLog[]): SignalWireLog[] {
  const running = logs.find(({ json }) => json.includes('"status":"in-progress"'));
  const dear = logs.find(({ json }) => json.includes('"charge":1'));
  if (running === undefined || dear === undefined) throw new Error('The day has no log to change');
  return logs.map((log) => (log === running ? ended(log) : log === dear ? discarded(log) : log));
}

/** The JSON is changed as text, so that no amount becomes a float. */
function ended({ json, createdAt }: SignalWireLog): SignalWireLog {
  const endedAt = toWholeSeconds(Date.parse(createdAt) + 47 * 60_000);
  const details = '"charge_details":[{"description":"Video room session","charge":1.3160}]';
  return {
    createdAt,
    json: json
      .replace('"status":"in-progress"', '"status":"completed"')
      .replace('"ended_at":null', `"ended_at":"${endedAt}"`)
      .replace('"charge":null', '"charge":1.3160')
      .replace(/"charge_details":\[\]/, details),
  };
}

function discarded({ json, createdAt }: SignalWireLog): SignalWireLog {
  const { id } = JSON.parse(json) as { id: string };
  const discardedAt = toWholeSeconds(Date.parse(createdAt) + 20 * 3_600_000);
  return {
    createdAt,
    json: JSON.stringify({ id, discarded_at: discardedAt, created_at: createdAt }),
    deleted: true,
  };
}
