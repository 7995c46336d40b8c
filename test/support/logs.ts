import { createHash } from 'node:crypto';
import type { SignalWireLog } from '../../local/signalwire-server.ts';

/** What a test specifies about a log; everything else is ordinary. */
export interface LogOptions {
  /** JSON text of the charge, so that every digit is sent as written. @default 0.10 */
  readonly charge?: string;
  /** @default standup */
  readonly room?: string | null;
  /** @default completed */
  readonly status?: string | null;
  /** ISO 8601 instant. @default noon on 2026-11-22 */
  readonly createdAt?: string;
  /** ISO 8601 instant or null. @default createdAt */
  readonly startedAt?: string | null;
  /** ISO 8601 instant or null. @default ten minutes after createdAt */
  readonly endedAt?: string | null;
  /** Further fields, as JSON text of an object. @default {} */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A UUID derived from a name, so that a test may say `id: 'first'` and still use ids like the API's. */
export function uuid(name: string | number): string {
  const hex = createHash('sha256').update(String(name)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A session's log as SignalWire sends it. */
export function sessionLog(name: string | number, options: LogOptions = {}): SignalWireLog {
  const { charge = '0.10', room = 'standup', status = 'completed', more = {} } = options;
  const { createdAt = '2026-11-22T12:00:00Z' } = options;
  const { startedAt = createdAt, endedAt = tenMinutesAfter(createdAt) } = options;
  const fields = {
    id: uuid(name),
    source: 'realtime_api',
    type: 'video_room_session',
    room_name: room,
    status,
    locked: false,
    started_at: startedAt,
    ended_at: endedAt,
    created_at: createdAt,
    charge_details: [],
    ...more,
  };
  return { json: `${JSON.stringify(fields).slice(0, -1)},"charge":${charge}}`, createdAt };
}

/** What SignalWire keeps of a deleted log. */
export function deletedLog(name: string | number, createdAt = '2026-11-22T12:00:00Z'): SignalWireLog {
  const fields = { id: uuid(name), discarded_at: '2026-11-22T20:00:00Z', created_at: createdAt };
  return { json: JSON.stringify(fields), createdAt, deleted: true };
}

function tenMinutesAfter(instant: string): string {
  return new Date(Date.parse(instant) + 600_000).toISOString().replace('.000Z', 'Z');
}
