import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import { deletedLog, sessionLog } from '../../support/logs.ts';

/** A day with everything that a day may contain, and the expected results. */
export const SMALL_DAY: readonly SignalWireLog[] = [
  sessionLog('standup, late', {
    charge: '0.1435',
    createdAt: '2026-11-22T09:00:03Z',
    endedAt: '2026-11-22T09:14:41Z',
  }),
  sessionLog('credit', { room: 'refunds', charge: '-0.30' }),
  sessionLog('quoted', { room: 'Board, "A"', charge: '1.5' }),
  sessionLog('formula', { room: '=HYPERLINK("http://x")', charge: '0.05' }),
  sessionLog('home', { room: '@home', charge: '5e-2' }),
  sessionLog('no room', { room: null, charge: '"0.25"' }),
  sessionLog('running', { room: 'live', charge: 'null', status: 'in-progress', endedAt: null }),
  sessionLog('prototype', { room: '__proto__', charge: '2' }),
  sessionLog('lines', { room: 'lobby\r\nBcc: everyone@example.com', charge: '0.01' }),
  sessionLog('script', { room: '<script>alert(1)</script>', charge: '0.02' }),
  sessionLog('umlaut', { room: 'Zürich 🎥', charge: '0.03', endedAt: '2026-11-22T14:05:00Z' }),
  deletedLog('deleted'),
  sessionLog('standup, early', { charge: '0.10', createdAt: '2026-11-22T00:00:00Z' }),
];

/** Its room-charges.csv. */
export const SMALL_CSV = [
  'day,space,room_name,sessions,in_progress_sessions,duration_seconds,charge,currency',
  '2026-11-22,127.0.0.1,__proto__,1,0,600,2.00,USD',
  '2026-11-22,127.0.0.1,"Board, ""A""",1,0,600,1.50,USD',
  '2026-11-22,127.0.0.1,,1,0,600,0.25,USD',
  '2026-11-22,127.0.0.1,standup,2,0,1478,0.2435,USD',
  `2026-11-22,127.0.0.1,"'=HYPERLINK(""http://x"")",1,0,600,0.05,USD`,
  "2026-11-22,127.0.0.1,'@home,1,0,600,0.05,USD",
  '2026-11-22,127.0.0.1,Zürich 🎥,1,0,7500,0.03,USD',
  '2026-11-22,127.0.0.1,<script>alert(1)</script>,1,0,600,0.02,USD',
  '2026-11-22,127.0.0.1,"lobby\r\nBcc: everyone@example.com",1,0,600,0.01,USD',
  '2026-11-22,127.0.0.1,live,1,1,0,0.00,USD',
  '2026-11-22,127.0.0.1,refunds,1,0,600,-0.30,USD',
  '',
].join('\r\n');
