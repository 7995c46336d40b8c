import type { Email } from 'postal-mime';
import { failedRereadingNotice } from '../../lambda/failed-rereadings.ts';
import { daysBefore } from '../../lambda/billing-day.ts';
import { SeededRandom } from '../../local/random.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { ArchiveInFolder, logsOf, morningAfter, type RoomCosts } from '../support/archive-in-folder.ts';
import { deletedLog, sessionLog } from '../support/logs.ts';

/** The days whose mails are checked in a browser. */
export const MAILED_DAYS = {
  ordinary: (archive) => ordinary(archive, '1500.00'),
  zero,
  'first-ever': firstEver,
  anomaly,
  restated,
  'budget-passed': (archive) => ordinary(archive, '800.00'),
  '500-rooms': manyRooms,
  'hostile-names': hostileNames,
} as const satisfies Record<string, (archive: ArchiveInFolder) => Promise<Email>>;

export type MailedDay = keyof typeof MAILED_DAYS;

/** The mail of one of these days, made by the job's own code from an archive that is created for it. */
export async function mailOfDay(day: MailedDay): Promise<Email> {
  const archive = await ArchiveInFolder.make();
  try {
    return await MAILED_DAYS[day](archive);
  } finally {
    await archive.remove();
  }
}

const SUNDAY = '2026-11-22';
const TUESDAY = '2026-11-24';

const ROOMS = [
  ['customer-support', 9],
  ['sales-demo', 8],
  ['telehealth-intake', 7],
  ['onboarding-call', 5],
  ['Café Zürich – Vorstellungsgespräche', 4],
  ['interview-room-1', 3],
  ['standup-platform', 3],
  ['東京オフィス', 2],
  ['R&D <prototypes>', 2],
  ['one-on-one', 1],
  ['legal-review', 1],
] as const;

/** A day of a small company; a weekend day costs a quarter. */
function usualRooms(day: string): (readonly [string, string])[] {
  const random = new SeededRandom(`usual ${day}`);
  const isWeekend = [0, 6].includes(new Date(day).getUTCDay());
  return ROOMS.map(([name, dollars]) => {
    const cents = dollars * 100 * (isWeekend ? 0.25 : 1) * (0.9 + random.next() / 5);
    return [name, `${Math.floor(cents / 100)}.${String(Math.round(cents % 100)).padStart(2, '0')}5`];
  });
}

async function archivePast(archive: ArchiveInFolder, day: string, count: number): Promise<void> {
  for (const earlier of daysBefore(day, count).reverse()) {
    await archive.archive(earlier, logsOf(earlier, usualRooms(earlier)));
  }
}

async function ordinary(archive: ArchiveInFolder, monthlyBudget: string): Promise<Email> {
  await archivePast(archive, TUESDAY, 63);
  await archive.archive(TUESDAY, [
    ...logsOf(TUESDAY, usualRooms(TUESDAY)),
    inProgress(TUESDAY),
    deletedLog('deleted', `${TUESDAY}T09:00:00Z`),
  ]);
  return archive.mailOf(TUESDAY, { monthlyBudget });
}

function inProgress(day: string): SignalWireLog {
  return sessionLog('running', {
    createdAt: `${day}T23:50:00Z`,
    charge: 'null',
    status: 'in-progress',
    endedAt: null,
    room: 'customer-support',
  });
}

async function zero(archive: ArchiveInFolder): Promise<Email> {
  await archivePast(archive, SUNDAY, 20);
  await archive.archive(SUNDAY, []);
  return archive.mailOf(SUNDAY);
}

async function firstEver(archive: ArchiveInFolder): Promise<Email> {
  await archive.archive(TUESDAY, logsOf(TUESDAY, usualRooms(TUESDAY)));
  return archive.mailOf(TUESDAY, { monthlyBudget: '1500.00' });
}

async function anomaly(archive: ArchiveInFolder): Promise<Email> {
  await archivePast(archive, TUESDAY, 63);
  const rooms: RoomCosts = usualRooms(TUESDAY).map(([name, charge]) =>
    name === 'sales-demo' ? [name, '64.125'] : name === 'customer-support' ? [name, '1.25'] : [name, charge],
  );
  await archive.archive(TUESDAY, logsOf(TUESDAY, [...rooms, ['all-hands', '31.50']]));
  return archive.mailOf(TUESDAY);
}

async function restated(archive: ArchiveInFolder): Promise<Email> {
  await archivePast(archive, TUESDAY, 63);
  const late = (day: string, charge: string): SignalWireLog =>
    sessionLog(`late ${day}`, { createdAt: `${day}T22:00:00Z`, charge, room: 'sales-demo' });
  for (const [day, charge, forgotten] of [
    // Wide figures and a long reason, which have to fit a phone.
    ['2026-10-22', '12345.67', 1],
    ['2026-11-20', '0.41', 0],
    ['2026-11-23', '4.75', 0],
  ] as const) {
    const logs = [...logsOf(day, usualRooms(day).slice(forgotten)), late(day, charge)];
    await archive.restate(
      day,
      logs,
      `${TUESDAY}T06:00:20Z`.replace('24T', '25T'),
      `the report of ${TUESDAY}`,
    );
  }
  const failure = new Error('HTTP 500');
  failure.name = 'SignalWireUnavailableError';
  await archive.archive(TUESDAY, logsOf(TUESDAY, usualRooms(TUESDAY)), {
    at: morningAfter(TUESDAY).replace('06:00:00', '06:00:40'),
    notices: [failedRereadingNotice('2026-11-19', failure)],
  });
  return archive.mailOf(TUESDAY, {}, { possibleRepeat: true });
}

async function manyRooms(archive: ArchiveInFolder): Promise<Email> {
  const rooms = (day: string): RoomCosts => {
    const random = new SeededRandom(`many ${day}`);
    return Array.from({ length: 500 }, (_, index) => [
      `project-${String(index + 1).padStart(3, '0')}-weekly-review`,
      `${Math.floor(400 / (index + 5))}.${random.integer(1000, 9999)}`,
    ]);
  };
  for (const day of daysBefore(TUESDAY, 20).reverse()) await archive.archive(day, logsOf(day, rooms(day)));
  await archive.archive(TUESDAY, logsOf(TUESDAY, rooms(TUESDAY)));
  return archive.mailOf(TUESDAY);
}

const HOSTILE_NAMES = [
  '<script>window.hacked = true</script>',
  '<img src="https://example.com/x.png" onerror="window.hacked = true">',
  '"><style>*{display:none}</style><a href="https://example.com">Total: $0.00</a>',
  '</table></td></tr></body>',
  '<!-- ',
  '&lt;b&gt;not bold&lt;/b&gt; &amp;',
  'left\u202Eright',
  'שלום עולם (1) $5.00',
  'two\r\nTotal: $0.00',
  'x'.repeat(10_000),
  'no-break\u00A0'.repeat(40),
  `zalgo ${'ẑ'.repeat(3)}${'\u0301'.repeat(500)}`,
  '👩‍👩‍👧‍👦'.repeat(70),
  '\u200B\u200B',
  'https://example.com/a-very-long-address/that-a-mail-program-might-turn-into-a-link',
  "=cmd|'/C calc'!A0",
  'url(https://example.com/y.png)',
  ...Array.from({ length: 40 }, (_, index) => `${'👨‍👩‍👧‍👦'.repeat(60)}${index}`),
];

async function hostileNames(archive: ArchiveInFolder): Promise<Email> {
  const rooms = HOSTILE_NAMES.map((name, index) => [name, `${HOSTILE_NAMES.length - index}.125`] as const);
  for (const day of daysBefore(TUESDAY, 20).reverse()) {
    await archive.archive(day, logsOf(day, rooms.slice(0, 17)));
  }
  const unusual = rooms.map(([name, charge], index) =>
    index < 3 ? ([name, '12345678901234567890.123456'] as const) : ([name, charge] as const),
  );
  await archive.archive(TUESDAY, logsOf(TUESDAY, unusual));
  return archive.mailOf(TUESDAY);
}
