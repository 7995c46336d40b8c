import { describe, expect, test } from '@jest/globals';
import { BUCKET } from '../../local/cloud.ts';
import { sessionLog } from '../support/logs.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import {
  answerOf,
  attachedBytes,
  CSV_KEY,
  factsInText,
  only,
  reportOf,
  restatedDays,
  textOf,
  visibleHtml,
} from './support/observations.ts';

describe('the seven days before', () => {
  const WEEK = ['15', '16', '17', '18', '19', '20', '21'].map((date) => `2026-11-${date}`);
  const CHARGES = ['2.00', '14.00', '5.00', '11.00', '8.00', '7.70', '8.30'];

  /** A morning with the last days of the week archived; all seven together cost 56.00. */
  async function morningAfter(days: readonly string[], charge: string): Promise<Morning> {
    const earlier = WEEK.map((day, index) =>
      sessionLog(day, { createdAt: `${day}T12:00:00Z`, charge: CHARGES[index] ?? '' }),
    );
    const morning = await openMorning({ logs: [...earlier, sessionLog('today', { charge })] });
    for (const day of days) await morning.run({ day, email: false });
    await morning.run();
    return morning;
  }

  test.each([
    ['9.00', '+13%'],
    ['8.64', '+8%'],
    ['8.00', '+0%'],
    ['6.00', '-25%'],
    ['0', '-100%'],
  ])('%s against 8.00 is %s', async (charge, percent) => {
    const mail = only(await (await morningAfter(WEEK, charge)).mails());

    expect(mail.subject).toMatch(
      new RegExp(`^SignalWire video costs 2026-11-22: \\$\\d\\.\\d\\d \\(\\${percent} vs 7-day average\\)$`),
    );
    expect(textOf(mail)).toContain(percent);
    expect(visibleHtml(mail)).toContain(percent);
  });

  test('are not compared with if one of them is missing', async () => {
    const mail = only(await (await morningAfter(WEEK.slice(1), '9.00')).mails());

    expect(mail.subject).toBe('SignalWire video costs 2026-11-22: $9.00');
    expect(textOf(mail)).not.toContain('average');
  });
});

describe('many rooms', () => {
  test('(sixty): the fifty most expensive have rows, the others share one', async () => {
    const logs = Array.from({ length: 60 }, (_, index) =>
      sessionLog(index, {
        room: `room ${String(index + 1).padStart(2, '0')}`,
        charge: `${60 - index}.005`,
      }),
    );
    const morning = await openMorning({ logs });

    expect(await reportOf(morning)).toMatchObject({ rooms: 60, sessions: 60, charge: '1830.30' });
    const mail = only(await morning.mails());
    const rows = textOf(mail)
      .split('\n')
      .filter((line) => /^(?:room|10 other)/.test(line));
    expect(rows).toHaveLength(51);
    expect(rows[0]).toMatch(/^room 01 +1 +10 min +\$60\.01$/);
    expect(rows[49]).toMatch(/^room 50 +1 +10 min +\$11\.01$/);
    expect(rows[50]).toMatch(/^10 other rooms +10 +1 h 40 min +\$55\.05$/);
    expect(factsInText(mail).filter((fact) => !visibleHtml(mail).includes(fact))).toEqual([]);
    expect(mail.html).not.toContain('room 51');
    expect(attachedBytes(mail).toString().split('\r\n')).toHaveLength(62);
  });

  test('a file of more than 5 MB is not attached: the mail names its S3 key', async () => {
    const name = 'x'.repeat(2000);
    const logs = Array.from({ length: 2700 }, (_, index) => sessionLog(index, { room: `${index} ${name}` }));
    const morning = await openMorning({ logs });

    expect(await reportOf(morning)).toMatchObject({ status: 'delivered', rooms: 2700, charge: '270.00' });
    expect(morning.cloud.s3.bucket(BUCKET).bytes(CSV_KEY).length).toBeGreaterThan(5 * 1024 * 1024);
    const mail = only(await morning.mails());
    expect(mail.attachments).toEqual([]);
    expect(textOf(mail)).toContain(`s3://video-cost-archive/${CSV_KEY}`);
    expect(visibleHtml(mail)).toContain(`s3://video-cost-archive/${CSV_KEY}`);
  });
});

test('a mail goes out on a connection of its own', async () => {
  const morning = await openMorning({ logs: [sessionLog(1)] });
  await morning.run();
  await morning.run({ day: '2026-11-22', resend: 'wanted' });

  expect(morning.cloud.ses.requests.map(({ headers }) => headers.connection)).toEqual(['close', 'close']);
});

test('a mail that is sent again says the same, whatever has been restated meanwhile', async () => {
  const logOf = (day: string, charge: string): ReturnType<typeof sessionLog> =>
    sessionLog(`${day} ${charge}`, { createdAt: `${day}T12:00:00Z`, charge });
  const logs = [logOf('2026-11-20', '8.00'), logOf('2026-11-21', '4.00'), logOf('2026-11-22', '3.00')];
  const morning = await openMorning({ logs });
  await morning.run({ day: '2026-11-20', email: false });
  await morning.run({ day: '2026-11-21', email: false });
  await morning.run();
  morning.cloud.signalWire.logs = [...logs, logOf('2026-11-20', '1.25'), logOf('2026-11-23', '5.00')];
  const container = await morning.another('2026-11-24T06:00:00Z');
  expect(answerOf(await container.invoke({})).restated).toMatchObject([{ day: '2026-11-20', after: '9.25' }]);
  answerOf(await container.invoke({ day: '2026-11-22', resend: 'lost' }));

  const [first, next, again] = await morning.mails();
  if (first === undefined || next === undefined || again === undefined)
    throw new Error('Expected three mails');
  expect(again.subject).toBe(first.subject);
  expect(textOf(again).replace(/! Sent once more on request: lost\..*\n\n/, '')).toBe(textOf(first));
  expect(restatedDays(next)).toEqual(['2026-11-20 $8.00 $9.25 +$1.25 1 late charge']);
  expect(textOf(next)).toMatch(/^November to date +\$21\.25 /m);
  expect(textOf(again)).toMatch(/^November to date +\$15\.00 /m);
});
