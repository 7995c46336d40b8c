/** How a room is used. */
export interface SampleRoom {
  /** As people name rooms; null for sessions that were started without a room. */
  readonly name: string | null;
  /** The approximate number of sessions per day. */
  readonly sessions: number;
  /** Shortest and longest usual session, in minutes. */
  readonly minutes: readonly [number, number];
  /** Fewest and most people in a session. */
  readonly people: readonly [number, number];
  /** Share of the sessions that are recorded, 0 to 1. */
  readonly recorded: number;
  /** Share of the sessions that are streamed, 0 to 1. */
  readonly streamed: number;
}

function room(
  name: string | null,
  sessions: number,
  minutes: readonly [number, number],
  people: readonly [number, number],
  recorded = 0,
  streamed = 0,
): SampleRoom {
  return { name, sessions, minutes, people, recorded, streamed };
}

/** Forty rooms of a company, a few of which are used most, and the sessions without a room. */
export const SAMPLE_ROOMS: readonly SampleRoom[] = [
  room('customer-support', 820, [3, 25], [2, 3], 0.35),
  room('sales-demo', 430, [10, 45], [2, 6], 0.5),
  room('telehealth-intake', 310, [5, 20], [2, 2]),
  room('onboarding-call', 220, [15, 50], [2, 4], 0.25),
  room('technical-support', 190, [5, 40], [2, 4], 0.3),
  room('interview-room-1', 120, [25, 60], [2, 5], 0.1),
  room('interview-room-2', 105, [25, 60], [2, 5], 0.1),
  room('standup-platform', 95, [6, 18], [4, 11]),
  room('standup-mobile', 90, [6, 18], [4, 9]),
  room('standup-data', 85, [6, 18], [3, 8]),
  room('one-on-one', 84, [15, 55], [2, 2]),
  room('pair-programming', 80, [20, 150], [2, 3]),
  room('code-review', 72, [10, 40], [2, 5]),
  room('design-critique', 64, [20, 60], [3, 9], 0.15),
  room('Café Zürich – Vorstellungsgespräche', 58, [20, 50], [2, 4]),
  room('account-review', 54, [15, 45], [2, 6], 0.2),
  room('office-hours', 50, [10, 60], [2, 12]),
  room('R&D <prototypes>', 46, [15, 70], [2, 8]),
  room('training-basics', 42, [40, 90], [5, 28], 0.8, 0.1),
  room('training-advanced', 38, [40, 120], [4, 22], 0.8, 0.1),
  room('incident-bridge', 34, [10, 180], [3, 16], 0.9),
  room('sprint-planning', 32, [40, 110], [5, 12]),
  room('retrospective', 30, [30, 75], [4, 11]),
  room('backlog-grooming', 28, [25, 60], [4, 10]),
  room('partner-sync', 26, [20, 50], [3, 9], 0.2),
  room('legal-review', 24, [20, 60], [2, 5]),
  room('=budget 2027 (draft)', 22, [20, 60], [3, 7]),
  room('hiring-committee', 20, [25, 55], [3, 8]),
  room('marketing-sync', 19, [20, 50], [3, 10]),
  room('product-council', 17, [35, 80], [5, 12], 0.4),
  room('security-review', 16, [25, 70], [3, 7], 0.5),
  room('vendor-call', 15, [15, 45], [2, 5]),
  room('coffee-chat', 14, [10, 30], [2, 6]),
  room('東京オフィス', 13, [15, 60], [2, 9]),
  room('podcast-studio', 11, [40, 95], [2, 4], 1, 0.2),
  room('webinar', 9, [45, 90], [30, 140], 1, 1),
  room('board-room', 7, [50, 150], [5, 11], 0.6),
  room('exit-interview', 6, [20, 45], [2, 2]),
  room('town-hall', 4, [45, 75], [90, 260], 1, 1),
  room('all-hands', 2, [50, 80], [180, 420], 1, 1),
  room(null, 6, [2, 15], [1, 3]),
];
