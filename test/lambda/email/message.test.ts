import { describe, expect, test } from '@jest/globals';
import PostalMime, { type Email } from 'postal-mime';
import type { Manifest } from '../../../lambda/archive/manifest.ts';
import { readRoomCharges, writeRoomCharges } from '../../../lambda/archive/room-charges-csv.ts';
import { formatExact, parseArchived, ZERO } from '../../../lambda/charges/money.ts';
import { composeMessage } from '../../../lambda/email/message.ts';
import { summarize, type Summary } from '../../../lambda/email/summary.ts';

const FILE = { location: 's3://archive/room-charges.csv', sha256: 'c0ffee', attached: true };
const ADDRESSES = {
  from: { name: 'Video costs', address: 'costs@example.com' },
  to: ['finance@example.com'],
};
const SIX = Date.parse('2026-11-23T06:00:00Z');

interface Day {
  readonly rooms?: readonly (readonly [name: string | null, charge: string])[];
  readonly manifest?: Partial<Manifest>;
  readonly weekBefore?: readonly string[];
  readonly file?: Summary['file'];
  readonly occasion?: Partial<Pick<Summary, 'resendReason' | 'possibleRepeat'>>;
}

async function mailOf({
  rooms = [],
  manifest = {},
  weekBefore = [],
  file = FILE,
  occasion = {},
}: Day): Promise<Email> {
  const csv = writeRoomCharges(
    rooms.map(([roomName, charge]) => ({
      roomName,
      sessions: 2,
      inProgressSessions: 0,
      durationMs: 3_900_000,
      charge: parseArchived(charge),
    })),
    { day: '2026-11-22', space: 'example', currency: manifest.currency ?? 'USD' },
  );
  const summary = summarize(
    {
      day: '2026-11-22',
      timeZone: 'Europe/Berlin',
      space: 'example',
      currency: 'USD',
      revision: 1,
      charge: formatExact(rooms.reduce((sum, [, charge]) => sum.plus(parseArchived(charge)), ZERO)),
      rooms: rooms.length,
      sessions: rooms.length * 2,
      inProgressSessions: 0,
      deletedLogs: 0,
      files: [],
      notices: [],
      revisions: [],
      ...manifest,
    },
    readRoomCharges(csv),
    weekBefore,
    file,
    { resendReason: null, possibleRepeat: false, ...occasion },
  );
  const { raw } = await composeMessage(summary, csv, ADDRESSES, SIX);
  return PostalMime.parse(raw);
}

describe('the mail', () => {
  test('tells the same in its text and its HTML', async () => {
    const { text = '', html = '' } = await mailOf({
      rooms: [
        ['standup', '123.445'],
        [null, '1'],
      ],
      manifest: { inProgressSessions: 1, deletedLogs: 2, notices: ['A notice.'] },
      weekBefore: Array.from({ length: 7 }, () => '100.00'),
    });
    expect(text).toBe(
      [
        'SignalWire video costs 2026-11-22',
        'Sunday, November 22, 2026 · Europe/Berlin · space example',
        '',
        'Total: $124.45',
        '+24% vs the average of the 7 days before',
        '4 sessions in 2 rooms',
        '',
        '! 1 session was still in progress when this was read: its charge may not be in the total yet.',
        '',
        '! 2 logs were deleted in SignalWire and no longer tell a charge: the invoice may be higher than this total.',
        '',
        '! A notice.',
        '',
        'Room            Sessions        Time   Charge',
        'standup                2  1 h 05 min  $123.45',
        '(no room name)         2  1 h 05 min    $1.00',
        '',
        'All rooms: room-charges.csv, attached and archived at s3://archive/room-charges.csv',
        'Exact total 124.445 USD. Revision 1. SHA-256 of the file c0ffee.',
        '',
        '',
      ].join('\n'),
    );
    const words = html
      .replace(/<style>.*?<\/style>/s, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ');
    for (const fact of text.split(/\n|! |Total: | {2,}/).filter(Boolean)) expect(words).toContain(fact);
  });

  test('has the subject that rules and filters can count on', async () => {
    const rooms = [['standup', '108']] as const;
    const week = Array.from({ length: 7 }, () => '100.00');
    expect((await mailOf({ rooms, weekBefore: week })).subject).toBe(
      'SignalWire video costs 2026-11-22: $108.00 (+8% vs 7-day average)',
    );
    expect((await mailOf({ rooms, weekBefore: week.slice(1) })).subject).toBe(
      'SignalWire video costs 2026-11-22: $108.00',
    );
    expect((await mailOf({ rooms, weekBefore: week.map(() => '0.00') })).subject).toBe(
      'SignalWire video costs 2026-11-22: $108.00',
    );
  });

  test('says that a day without usage was read, and cost nothing', async () => {
    const { subject, text } = await mailOf({});
    expect(subject).toBe('SignalWire video costs 2026-11-22: $0.00');
    expect(text).toContain('no usage: SignalWire was read completely and lists no session for this day');
  });

  test('shows 50 rooms, and all others in one row', async () => {
    const rooms = Array.from({ length: 60 }, (_, index) => [`room ${index}`, '1.005'] as const);
    const { text = '' } = await mailOf({ rooms });
    expect(text.split('\n').filter((line) => line.startsWith('room '))).toHaveLength(50);
    expect(text).toMatch(/^10 other rooms +20 +10 h 50 min +\$10\.05$/m);
  });

  test('escapes what comes from the API', async () => {
    const name = '<script>alert(1)</script>&"\'';
    const { html = '', text } = await mailOf({ rooms: [[name, '1']] });
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script>alert(1)&lt;/script>&amp;');
    expect(text).toContain(name);
  });

  test('keeps names on one line, in their direction, and short', async () => {
    const names = ['two\r\nTotal: $0.00', `left\u202Eright`, 'x'.repeat(10_000), '👩‍👩‍👧‍👦'.repeat(70)];
    const { text = '' } = await mailOf({ rooms: names.map((name) => [name, '1']) });
    expect(text).toMatch(/^two Total: \$0\.00 +2/m);
    expect(text).toMatch(/^leftright +2/m);
    expect(text).toMatch(new RegExp(`^x{59}… +2`, 'm'));
    expect(text).toMatch(new RegExp(`^(?:👩‍👩‍👧‍👦){59}… +2`, 'mu'));
  });

  test('carries the file as it is, and nothing where it is too large', async () => {
    const attached = await mailOf({ rooms: [['standup', '1']] });
    expect(attached.attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
      ['room-charges.csv', 'text/csv'],
    ]);
    const large = await mailOf({ rooms: [['standup', '1']], file: { ...FILE, attached: false } });
    expect(large.attachments).toEqual([]);
    expect(large.text).toContain('too large to attach; it is archived at s3://archive/room-charges.csv');
  });

  test('says why it comes once more', async () => {
    const { text } = await mailOf({ occasion: { possibleRepeat: true, resendReason: 'the CFO lost it' } });
    expect(text).toContain('! Possible repeat: ');
    expect(text).toContain('! Sent once more on request: the CFO lost it');
  });

  test('goes from and to whom it should', async () => {
    const { from, to, date } = await mailOf({});
    expect(from).toEqual({ name: 'Video costs', address: 'costs@example.com' });
    expect(to?.map(({ address }) => address)).toEqual(['finance@example.com']);
    expect(date).toBe('2026-11-23T06:00:00.000Z');
  });
});
