import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Email } from 'postal-mime';
import { daysBefore } from '../../../lambda/billing-day.ts';
import type { MailContext } from '../../../lambda/email/remarks.ts';
import { failedRereadingNotice } from '../../../lambda/failed-rereadings.ts';
import { ArchiveInFolder, type DayOptions, logsOf, type RoomCosts } from '../../support/archive-in-folder.ts';
import { deletedLog, sessionLog } from '../../support/logs.ts';

const DAY = '2026-11-22';
const KEY = `room-charges/day=${DAY}/room-charges.csv`;

let archive: ArchiveInFolder;

beforeEach(async () => {
  archive = await ArchiveInFolder.make();
});
afterEach(() => archive.remove());

/** The mail of a day with these rooms. */
async function mailOf(
  rooms: RoomCosts,
  options: DayOptions = {},
  occasion: Partial<MailContext> = {},
): Promise<Email> {
  await archive.archive(DAY, logsOf(DAY, rooms), options);
  return archive.mailOf(DAY, {}, occasion);
}

/** Archives the days before with one room each. */
async function archivePast(count: number, chargeOf: (day: string) => string): Promise<void> {
  for (const day of daysBefore(DAY, count).reverse()) {
    await archive.archive(day, logsOf(day, [['standup', chargeOf(day)]]));
  }
}

/** What a reader sees of the HTML, with single spaces. */
function visible({ html = '' }: Email): string {
  return html
    .replace(/<style>.*?<\/style>/s, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
}

/** The lines of the text with single spaces, without the marks in front of remarks and the total. */
function facts({ text = '' }: Email): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^(?:Total: |! )/, '').replaceAll(/ +/g, ' '))
    .filter(Boolean);
}

describe('the mail', () => {
  test('says the same in its text and its HTML, in the order that a reader wants', async () => {
    await archivePast(20, () => '20.00');
    const running = sessionLog('running', { charge: 'null', status: 'in-progress', endedAt: null });
    await archive.archive(
      DAY,
      [
        ...logsOf(DAY, [
          ['standup', '23.445'],
          ['<retro>', '1'],
        ]),
        running,
        deletedLog('a'),
        deletedLog('b'),
      ],
      { notices: ['A notice.'] },
    );
    const mail = await archive.mailOf(DAY, { monthlyBudget: '1000' });

    const sha256 = /^SHA-256 +(\w{64})$/m.exec(mail.text ?? '')?.[1] ?? '';
    expect(mail.text).toBe(
      [
        'OK: Sunday, November 22 cost $24.45, 22% above the 7-day average; too few days are archived so far to say what is ' +
          'normal; no action needed.',
        '',
        'SignalWire video costs 2026-11-22',
        'Sunday, November 22, 2026 · UTC · space example',
        '',
        'Total: $24.45',
        '3 sessions in 2 rooms',
        '',
        'In comparison',
        '7-day average             $20.00  +22%',
        'A week ago, Sun, Nov 15   $20.00  +22%',
        'November to date         $424.45  21 of 22 days: 1 not archived yet',
        'November forecast        $606.67  estimate*',
        'Budget used                  42%  of $1,000.00: $575.56 left',
        '',
        '! 1 session was still in progress when this was read: its charge may not be in the total yet. No action needed: ' +
          'the day is read again every morning until it has ended, for up to five weeks.',
        '',
        '! 2 logs were deleted in SignalWire and no longer show their charges: the invoice may be higher than this total. ' +
          'No action needed until the invoice arrives; then compare the two.',
        '',
        '! A notice.',
        '',
        'Rooms that moved most, compared with their 7-day average',
        'Room     Average  This day         Change',
        'standup   $20.00    $23.45  +$3.45 (+17%)',
        '<retro>    $0.00     $1.00         +$1.00',
        '',
        'Rooms, most expensive first',
        'Room     Sessions    Time  Charge',
        'standup         2  10 min  $23.45',
        '<retro>         1  10 min   $1.00',
        '',
        'Last 14 days',
        'Day          Charge',
        ...[
          'Mon, Nov 9 ',
          'Tue, Nov 10',
          'Wed, Nov 11',
          'Thu, Nov 12',
          'Fri, Nov 13',
          'Sat, Nov 14',
          'Sun, Nov 15',
        ].map((day) => `${day}  $20.00`),
        ...['Mon, Nov 16', 'Tue, Nov 17', 'Wed, Nov 18', 'Thu, Nov 19', 'Fri, Nov 20', 'Sat, Nov 21'].map(
          (day) => `${day}  $20.00`,
        ),
        'Sun, Nov 22  $24.45',
        '',
        'For reconciliation',
        'Exact total  24.445 USD',
        'File         room-charges.csv, attached',
        'Rows         2 rooms',
        `SHA-256      ${sha256}`,
        `S3 key       s3://video-cost-archive/${KEY}`,
        'Data as of   2026-11-23 06:00:00 UTC',
        'Time zone    UTC',
        'Revision     1 (first reading)',
        '',
        '* An estimate: the month to date plus, for each day of the month that is still to come or missing (9), the mean ' +
          'of the days of its kind (working day or weekend) among the last 28.',
        '',
        '',
      ].join('\n'),
    );
    expect(facts(mail).filter((fact) => !visible(mail).includes(fact))).toEqual([]);
    const order = facts(mail).map((fact) => visible(mail).lastIndexOf(fact));
    // The status, the title and the total fill a phone's first screen.
    const [status = -1, title = -1, , total = -1] = order;
    expect([status, title, total].toSorted((a, b) => a - b)).toEqual([status, title, total]);
  });

  test('has a subject that mail rules and filters can rely on', async () => {
    await archivePast(7, () => '100.00');
    expect((await mailOf([['standup', '108']])).subject).toBe(
      'SignalWire video costs 2026-11-22: $108.00 (+8% vs 7-day average)',
    );
  });

  test.each([
    ['six of the seven days are known', 6, '100.00'],
    ['the seven days cost nothing', 7, '0.00'],
  ])('shows no percentage if only %s', async (_what, count, charge) => {
    await archivePast(count, () => charge);
    expect((await mailOf([['standup', '108']])).subject).toBe('SignalWire video costs 2026-11-22: $108.00');
  });

  test('says that a day without usage was read and cost nothing', async () => {
    await archivePast(1, () => '5.00');
    const { subject, text } = await mailOf([]);
    expect(subject).toBe('SignalWire video costs 2026-11-22: $0.00');
    expect(text).toContain('OK: No usage on Sunday, November 22 ($0.00)');
    expect(text).toContain('no usage: SignalWire was read completely and lists no sessions for this day');
    expect(text).toContain('Sun, Nov 22  $0.00, no usage');
  });

  test('says so if nothing but deleted logs are listed', async () => {
    await archive.archive(DAY, [deletedLog('a')]);
    expect((await archive.mailOf(DAY)).text).toContain('lists nothing but deleted logs for this day');
  });

  test('shows 50 rooms, and all others in one row', async () => {
    const rooms = Array.from({ length: 60 }, (_, index) => [`room ${index}`, '1.005'] as const);
    const { text = '' } = await mailOf(rooms);
    expect(text.split('\n').filter((line) => line.startsWith('room '))).toHaveLength(50);
    expect(text).toMatch(/^10 other rooms +10 +1 h 40 min +\$10\.05$/m);
  });

  test('shows fewer rooms if their names are so long that a mail program would clip it', async () => {
    const rooms = Array.from({ length: 60 }, (_, index) => [`${'👨‍👩‍👧‍👦'.repeat(58)}${index}`, '1'] as const);
    const { text = '', html = '' } = await mailOf(rooms);
    expect(text).toMatch(/^The 11 most expensive rooms, then all others$/m);
    expect(text).toMatch(/^49 other rooms +49 /m);
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
  });

  test('stays small on the worst day: many restated days, and long names that have to be escaped', async () => {
    const rooms = Array.from(
      { length: 60 },
      (_, index) => [`${index}${'"'.repeat(70)}`, '12345.675'] as const,
    );
    const earlier = daysBefore(DAY, 35).reverse();
    for (const day of earlier) await archive.archive(day, logsOf(day, [['standup', '1.00']]));
    for (const day of earlier) {
      const late = sessionLog('late', { createdAt: `${day}T13:00:00Z`, charge: '123456.75' });
      const logs = [...logsOf(day, [['standup', '1.00']]), late];
      await archive.restate(day, logs, '2026-11-23T06:00:00Z', `the report of ${DAY}`);
    }
    const { text = '', html = '' } = await mailOf(rooms, { at: '2026-11-23T06:00:10Z' });
    expect(text).toMatch(/^2026-10-18 +\$1\.00 +\$123,457\.75 +\+\$123,456\.75\n {2}1 late charge$/m);
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
  });

  test('escapes what comes from the API', async () => {
    const name = '<script>alert(1)</script>&"\'';
    const { html = '', text } = await mailOf([[name, '1']]);
    expect(html).not.toContain('<script');
    expect(html).toContain('<bdi>&lt;script>alert(1)&lt;/script>&amp;');
    expect(text).toContain(name);
  });

  test('keeps names short and visible, on one line, and in their writing direction', async () => {
    const names = [
      ...['two\r\nTotal: $0.00', `left\u202Eright`, 'x'.repeat(10_000), '👩‍👩‍👧‍👦'.repeat(70)],
      ...[`a${'\u0301'.repeat(500)}b`, '\u200B \u00A0'],
    ];
    const { text = '' } = await mailOf(names.map((name) => [name, '1']));
    expect(text).toMatch(/^two Total: \$0\.00 +1/m);
    expect(text).toMatch(/^leftright +1/m);
    expect(text).toMatch(/^x{59}… +1/m);
    expect(text).toMatch(/^(?:👩‍👩‍👧‍👦){59}… +1/mu);
    expect(text).toMatch(/^a\u0301{4}b +1/m);
    expect(text).toMatch(/^\(invisible room name\) +1/m);
  });

  test('aligns its columns below characters that are twice as wide', async () => {
    const { text = '' } = await mailOf([
      ['東京オフィス', '2'],
      ['twelve chars', '1'],
    ]);
    expect(text).toMatch(/^東京オフィス {9}1 {2}10 min/m);
    expect(text).toMatch(/^twelve chars {9}1 {2}10 min/m);
  });

  test('keeps a right-to-left name from reordering the figures beside it', async () => {
    const { text = '', html } = await mailOf([['שלום (1) $5.00', '2']]);
    expect(text).toMatch(/^\u2068שלום \(1\) \$5\.00\u2069 {9}1 {2}10 min/m);
    expect(html).toContain('<bdi>שלום (1) $5.00</bdi>');
  });

  test('has room-charges.csv attached', async () => {
    const { attachments } = await mailOf([['standup', '1']]);
    expect(attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
      ['room-charges.csv', 'text/csv'],
    ]);
  });

  test('says why it is sent once more', async () => {
    const { text } = await mailOf([], {}, { possibleRepeat: true, resendReason: 'the CFO lost it' });
    expect(text).toContain('! Possible repeat: ');
    expect(text).toContain('! Sent once more on request: the CFO lost it');
  });

  test('has the right sender, recipients and date', async () => {
    const { from, to, date } = await mailOf([]);
    expect(from).toEqual({ name: 'Video costs', address: 'costs@example.com' });
    expect(to?.map(({ address }) => address)).toEqual(['finance@example.com']);
    expect(date).toBe('2026-11-23T06:00:00.000Z');
  });
});

describe('what needs attention', () => {
  test('an unusual total and an unusual room come first, with their figures', async () => {
    await archivePast(56, () => '10.00');
    const mail = await mailOf([['standup', '31.50']]);
    expect(mail.subject).toBe('[check] SignalWire video costs 2026-11-22: $31.50 (+215% vs 7-day average)');
    expect(mail.text).toContain(
      'Check: Sunday, November 22 cost $31.50, which is unusually high for a weekend day (usually $10.00); ' +
        'please check the total and 1 unusual room.\n\n' +
        'SignalWire video costs 2026-11-22\nSunday, November 22, 2026 · UTC · space example\n\n' +
        '! The total is unusually high: $31.50, +$21.50 (+215%) compared with the usual $10.00, the median of 16 weekend ' +
        'days in the 56 days before (they all cost the same). Look at the rooms that moved most; if nobody knows ' +
        'why, ask who uses them.\n\n' +
        '! The room “standup” is unusually high: $31.50, +$21.50 (+215%)',
    );
    expect(
      facts(mail).filter(
        (fact) => !visible(mail).replaceAll(/“ | ”/g, '"').includes(fact.replaceAll(/[“”]/g, '"')),
      ),
    ).toEqual([]);
  });

  test('nothing on a usual day, and the mail says so', async () => {
    await archivePast(56, (day) => (day.endsWith('5') ? '11.00' : '10.00'));
    const { subject, text } = await mailOf([['standup', '10.20']]);
    expect(subject).toMatch(/^SignalWire/);
    expect(text).toContain(
      'OK: Sunday, November 22 cost $10.20, which is normal for a weekend day; no action needed.',
    );
  });

  test('a day that could not be read again', async () => {
    const failure = failedRereadingNotice('2026-11-20', new TypeError('x'));
    const mail = await mailOf([['standup', '1']], { notices: [failure] });
    expect(mail.subject).toBe('[check] SignalWire video costs 2026-11-22: $1.00');
    expect(mail.text).toContain('please check the days that could not be read again.');
    expect(mail.text).toContain(`\n! ${failure}\n`);
  });

  test('a month to date above the budget, but not one that just reaches it', async () => {
    await archivePast(2, () => '10.00');
    await archive.archive(DAY, logsOf(DAY, [['standup', '5.00']]));
    const reached = await archive.mailOf(DAY, { monthlyBudget: '25' });
    expect(reached.subject).toBe('SignalWire video costs 2026-11-22: $5.00');
    expect(reached.text).toMatch(/^Budget used +100% {2}of \$25\.00: \$0\.00 left$/m);
    const passed = await archive.mailOf(DAY, { monthlyBudget: '24.99' });
    expect(passed.subject).toBe('[budget] SignalWire video costs 2026-11-22: $5.00');
    expect(passed.text).toMatch(/^Budget used +100% {2}of \$24\.99: \$0\.01 over$/m);
    expect(passed.text).toContain(
      '! The month to date, $25.00, exceeds the monthly budget of $24.99. Decide',
    );
  });

  test('a budget in another currency is ignored', async () => {
    await archive.archive(DAY, logsOf(DAY, [['standup', '5.00']]), { currency: 'EUR' });
    const { subject, text } = await archive.mailOf(DAY, { monthlyBudget: '1', currency: 'USD' });
    expect(subject).toBe('SignalWire video costs 2026-11-22: €5.00');
    expect(text).not.toContain('Budget');
  });

  test('both marks are put in front of the subject', async () => {
    await archivePast(56, () => '10.00');
    await archive.archive(DAY, logsOf(DAY, [['standup', '90.00']]));
    const { subject, text } = await archive.mailOf(DAY, { monthlyBudget: '100' });
    expect(subject).toMatch(/^\[check\] \[budget\] SignalWire video costs 2026-11-22: \$90\.00 \(/);
    expect(text).toContain(
      'please check the total, 1 unusual room and the budget, which the month to date exceeds.',
    );
  });
});
