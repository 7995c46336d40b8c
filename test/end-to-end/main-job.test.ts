import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { BUCKET } from '../../local/cloud.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import { expectConsistentArchive } from './support/consistent-archive.ts';
import {
  attachedBytes,
  attachmentNames,
  CSV_HEADER,
  CSV_KEY,
  EMAILS_PREFIX,
  expectNoSecrets,
  factsInText,
  isWrite,
  LINES_HEADER,
  LINES_KEY,
  MANIFEST_KEY,
  manifestOf,
  only,
  reportOf,
  textOf,
  visibleHtml,
} from './support/observations.ts';
import { SMALL_CSV, SMALL_DAY } from './support/small-day.ts';

describe('a small day', () => {
  test('is returned exactly', async () => {
    const morning = await openMorning({ logs: SMALL_DAY });

    const answer = await morning.run();
    expect(answer).toEqual({
      reports: [
        {
          day: '2026-11-22',
          status: 'delivered',
          revision: 1,
          rooms: 11,
          sessions: 12,
          charge: '3.8535',
          currency: 'USD',
          messageId: only(morning.cloud.ses.outbox).messageId,
        },
      ],
      restated: [],
    });
  });

  test('is archived byte for byte', async () => {
    const morning = await openMorning({ logs: SMALL_DAY });
    await morning.run();

    expect(morning.text(CSV_KEY)).toBe(SMALL_CSV);

    const text = morning.text(MANIFEST_KEY);
    expect(text).toBe(`${JSON.stringify(JSON.parse(text))}\n`);
    expect(JSON.parse(text)).toEqual({
      day: '2026-11-22',
      timeZone: 'UTC',
      space: '127.0.0.1',
      currency: 'USD',
      revision: 1,
      charge: '3.8535',
      rooms: 11,
      sessions: 12,
      inProgressSessions: 1,
      deletedLogs: 1,
      files: [CSV_KEY, LINES_KEY].map((key) => {
        const { bytes, versionId } = only(morning.cloud.s3.bucket(BUCKET).versions(key));
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return { key, sha256, bytes: bytes.length, rows: 11, versionId };
      }),
      notices: [],
      revisions: [
        {
          revision: 1,
          at: expect.stringMatching(/^2026-11-23T06:00:\d\d\.\d{3}Z$/),
          charge: '3.8535',
          sessions: 12,
          reason: 'first reading',
          restatedBy: null,
        },
      ],
    });
    expectConsistentArchive(morning);
  });

  test('is mailed to the recipients', async () => {
    const morning = await openMorning({
      logs: SMALL_DAY,
      environment: { EMAIL_TO: 'finance@example.com, books@example.org' },
    });
    await morning.run();

    const { source, destinations, raw } = only(morning.cloud.ses.outbox);
    expect(source).toBe('costs@example.com');
    expect(destinations).toEqual(['finance@example.com', 'books@example.org']);

    const mail = only(await morning.mails());
    expect(mail.from).toEqual({ name: 'Video costs', address: 'costs@example.com' });
    expect(mail.to?.map(({ address }) => address)).toEqual(['finance@example.com', 'books@example.org']);
    expect(mail.subject).toBe('SignalWire video costs 2026-11-22: $3.85');
    expect(mail.headers.map(({ key }) => key)).not.toContain('bcc');
    expect(raw.toString()).toContain('Content-Type: multipart/alternative');
  });

  test('is described in the text of the mail', async () => {
    const morning = await openMorning({ logs: SMALL_DAY });
    await morning.run();

    const sha256 = createHash('sha256').update(SMALL_CSV).digest('hex');
    const { at = '' } = manifestOf(morning).revisions[0] ?? {};
    expect(textOf(only(await morning.mails()))).toBe(
      [
        'OK: Sunday, November 22 cost $3.85; too few days are archived so far to say what is normal; no action needed.',
        '',
        'SignalWire video costs 2026-11-22',
        'Sunday, November 22, 2026 · UTC · space 127.0.0.1',
        '',
        'Total: $3.85',
        '12 sessions in 11 rooms',
        '',
        'In comparison',
        'Week before       not compared  0 of 7 days: 7 not archived yet',
        'November to date         $3.85  1 of 22 days: 21 not archived yet',
        '',
        '! 1 session was still in progress when this was read: its charge may not be in the total yet. ' +
          'No action needed: the day is read again every morning until it has ended, for up to five weeks.',
        '',
        '! 1 log was deleted in SignalWire and no longer shows its charge: the invoice may be higher than this total. ' +
          'No action needed until the invoice arrives; then compare the two.',
        '',
        'Rooms, most expensive first',
        'Room                             Sessions        Time  Charge',
        '__proto__                               1      10 min   $2.00',
        'Board, "A"                              1      10 min   $1.50',
        '(no room name)                          1      10 min   $0.25',
        'standup                                 2      25 min   $0.24',
        '=HYPERLINK("http://x")                  1      10 min   $0.05',
        '@home                                   1      10 min   $0.05',
        'Zürich 🎥                               1  2 h 05 min   $0.03',
        '<script>alert(1)</script>               1      10 min   $0.02',
        'lobby Bcc: everyone@example.com         1      10 min   $0.01',
        'live                                    1       0 min   $0.00',
        'refunds                                 1      10 min  -$0.30',
        '',
        'For reconciliation',
        'Exact total  3.8535 USD',
        'File         room-charges.csv, attached',
        'Rows         11 rooms',
        `SHA-256      ${sha256}`,
        `S3 key       s3://video-cost-archive/${CSV_KEY}`,
        `Data as of   ${at.slice(0, 10)} ${at.slice(11, 19)} UTC`,
        'Time zone    UTC',
        'Revision     1 (first reading)',
      ].join('\n'),
    );
  });

  test('is described the same in the HTML of the mail, with everything escaped', async () => {
    const morning = await openMorning({ logs: SMALL_DAY });
    await morning.run();

    const mail = only(await morning.mails());
    const html = visibleHtml(mail);
    expect(factsInText(mail).filter((fact) => !html.includes(fact))).toEqual([]);
    expect(mail.html).toContain('&lt;script>alert(1)&lt;/script>');
    expect(mail.html).not.toContain('<script');
  });

  test('is mailed with the archived file, byte for byte, and the mail itself is archived', async () => {
    const morning = await openMorning({ logs: SMALL_DAY });
    await morning.run();

    const mail = only(await morning.mails());
    expect(attachmentNames(mail)).toEqual(['room-charges.csv']);
    expect(attachedBytes(mail).toString()).toBe(SMALL_CSV);

    const { raw } = only(morning.cloud.ses.outbox);
    const kept = morning.stored().filter((key) => key.startsWith(EMAILS_PREFIX));
    expect(kept.filter((key) => morning.cloud.s3.bucket(BUCKET).bytes(key).equals(raw))).toHaveLength(1);
  });

  test('is archived before it is mailed, by writes that can’t overwrite anything', async () => {
    const morning = await openMorning({ logs: SMALL_DAY });
    const calls = recordCalls(morning);
    await morning.run();

    const archiving = calls.filter((call) => !call.includes(EMAILS_PREFIX));
    expect(archiving.filter((call) => !/^(GET|HEAD)/.test(call))).toEqual([
      `PUT ${CSV_KEY}`,
      `PUT ${LINES_KEY}`,
      `PUT ${MANIFEST_KEY}`,
      'SES',
    ]);
    // A run that lost the race might have overwritten the files that the manifest names.
    const committed = archiving.indexOf(`PUT ${MANIFEST_KEY}`);
    expect(archiving.slice(committed + 1, committed + 3)).toEqual([`HEAD ${CSV_KEY}`, `HEAD ${LINES_KEY}`]);
    expect(calls.indexOf('SES')).toBeGreaterThan(calls.findIndex((call) => call.includes(EMAILS_PREFIX)));
    expect(morning.cloud.s3.requests.filter(isWrite).map(({ headers }) => headers['if-none-match'])).toEqual(
      morning.stored().map(() => '*'),
    );
  });

  test('is read with one request, and the token is sent to nobody else', async () => {
    const morning = await openMorning({ logs: SMALL_DAY });
    const invocation = await morning.invoke();

    const { url } = only(morning.cloud.signalWire.requests);
    expect(url).toBe('/api/video/logs?created_on=2026-11-22&include_deleted=true&page_size=1000');
    await expectNoSecrets(morning, invocation);
  });
});

test('a day without logs is archived and mailed as zero', async () => {
  const morning = await openMorning();

  expect(await reportOf(morning)).toMatchObject({
    status: 'delivered',
    charge: '0.00',
    rooms: 0,
    sessions: 0,
  });
  expect(morning.text(CSV_KEY)).toBe(CSV_HEADER);
  expect(morning.text(LINES_KEY)).toBe(LINES_HEADER);
  expect(JSON.parse(morning.text(MANIFEST_KEY))).toMatchObject({
    charge: '0.00',
    rooms: 0,
    sessions: 0,
    inProgressSessions: 0,
    deletedLogs: 0,
    files: [
      { key: CSV_KEY, rows: 0, bytes: CSV_HEADER.length },
      { key: LINES_KEY, rows: 0, bytes: LINES_HEADER.length },
    ],
  });
  const mail = only(await morning.mails());
  expect(mail.subject).toBe('SignalWire video costs 2026-11-22: $0.00');
  expect(textOf(mail)).toContain('Total: $0.00');
  expect(textOf(mail)).toContain('read completely');
  expect(visibleHtml(mail)).toContain('read completely');
  expect(attachedBytes(mail).toString()).toBe(CSV_HEADER);
});

/** The requests to S3 and SES from now on, in order. */
function recordCalls({ cloud }: Morning): string[] {
  const calls: string[] = [];
  cloud.s3.intercept = (request) => {
    const key = decodeURIComponent(request.url.replace(/\?.*$/, '')).replace(`/${BUCKET}/`, '');
    calls.push(`${request.method} ${key}`);
    return false;
  };
  cloud.ses.intercept = () => {
    calls.push('SES');
    return false;
  };
  return calls;
}
