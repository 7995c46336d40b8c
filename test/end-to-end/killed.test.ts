import { expect, test } from '@jest/globals';
import type { LambdaProcess } from '../../local/lambda-process.ts';
import type { AfterHandling } from '../../local/loopback-server.ts';
import { sessionLog } from '../support/logs.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import { expectConsistentArchive } from './support/consistent-archive.ts';
import { answerOf, invokeAt, manifestOf, statusOf, textOf } from './support/observations.ts';

/** More outside calls than any run makes. */
const MOST_CALLS = 100;

// The rounds are so far apart that no run looks back at the days of another round.
const DAYS_APART = 40;
const AFTER_ALL = '2040-01-01T00:00:00Z';

/** The days of a round, one after the other: `YYYY-MM-DD`. */
interface Round {
  /** Was delivered; then a charge came late. */
  readonly before: string;
  /** Was never reported. */
  readonly missed: string;
  readonly yesterday: string;
  /** The day on which the run is killed. */
  readonly today: string;
}

function roundNumber(count: number): Round {
  const [before, missed, yesterday, today] = [0, 1, 2, 3].map((day) =>
    new Date(Date.UTC(2026, 10, 1 + count * DAYS_APART + day)).toISOString().slice(0, 10),
  ) as [string, string, string, string];
  return { before, missed, yesterday, today };
}

/**
 * Invokes in a container that is killed once a number of outside calls, to whatever service, have taken effect, before
 * it receives the answer to the last one.
 *
 * @returns the last call, such as `PUT /…`; null if the run ended before
 */
async function killAtCall(
  count: number,
  { cloud }: Morning,
  container: LambdaProcess,
): Promise<string | null> {
  const servers = [cloud.signalWire, cloud.s3, cloud.ses, cloud.secretsManager];
  let calls = 0;
  let last: string | null = null;
  const hook: AfterHandling = async ({ method, url }) => {
    calls += 1;
    if (calls !== count) return calls > count;
    last = `${method} ${decodeURIComponent(url)}`;
    await container.kill();
    return true;
  };
  for (const server of servers) server.afterHandling = hook;
  const { error } = await container.invoke({});
  for (const server of servers) server.afterHandling = null;
  return error?.name === 'Runtime.ExitError' ? last : null;
}

/**
 * Mornings on each of which a charge came late for an earlier day, and another day was missed. The run is killed at one
 * of its calls, every second one from `first` on, and run again half an hour later.
 *
 * @returns the calls at which it was killed
 */
async function killMornings(first: number): Promise<{ morning: Morning; killedAt: string[] }> {
  const morning = await openMorning({ environment: { LOOKBACK_DAYS: '2' } });
  const delivering = await morning.another(AFTER_ALL);
  const killedAt: string[] = [];
  for (let call = first; call < MOST_CALLS; call += 2) {
    const { before, missed, yesterday, today } = roundNumber(call);
    const logs = [
      sessionLog(before, { createdAt: `${before}T12:00:00Z`, charge: '0.2' }),
      sessionLog(missed, { createdAt: `${missed}T12:00:00Z`, charge: '0.3' }),
      sessionLog(yesterday, { createdAt: `${yesterday}T12:00:00Z`, charge: '0.4' }),
    ];
    morning.cloud.signalWire.logs = logs;
    expect(statusOf(await delivering.invoke({ day: before }))).toBe('delivered');
    const late = sessionLog(`late ${before}`, { createdAt: `${before}T13:00:00Z`, charge: '0.1' });
    morning.cloud.signalWire.logs = [...logs, late];
    const last = await killAtCall(call, morning, await morning.another(`${today}T06:00:00Z`));

    const { reports } = answerOf(await invokeAt(morning, `${today}T06:30:00Z`));
    expect(reports.filter(({ status }) => !/^(?:already-)?delivered$/.test(status))).toEqual([]);
    expect(manifestOf(morning, before)).toMatchObject({ revision: 2, charge: '0.30' });
    expect(manifestOf(morning, missed)).toMatchObject({ revision: 1, charge: '0.30' });
    expect(manifestOf(morning, yesterday)).toMatchObject({ revision: 1, charge: '0.40' });
    if (last === null) return { morning, killedAt };
    killedAt.push(last);
  }
  throw new Error(`A run makes ${MOST_CALLS} calls and more`);
}

test('a run that is killed at any call is made up for by the next one, with one mail unless SES had one already', async () => {
  const halves = await Promise.all([killMornings(1), killMornings(2)]);
  for (const { morning } of halves) expectConsistentArchive(morning);

  const mails = (await Promise.all(halves.map(({ morning }) => morning.mails()))).flat();
  const byDay = [...Map.groupBy(mails, ({ subject }) => subject).values()];
  const marks = byDay.map((ofDay) => ofDay.map((mail) => /possible repeat/i.test(textOf(mail))));
  // Killed when SES had accepted one of the two mails and nobody knew: the only case in which a second mail may follow.
  expect(marks.filter(({ length }) => length > 1)).toEqual([
    [false, true],
    [false, true],
  ]);
  // Killed between a claim and SES: nobody can know that, so the only mail also says that it may be a repeat.
  expect(marks.filter(([isMarked]) => isMarked)).toEqual([[true], [true], [true], [true]]);

  const killedAt = halves.flatMap(({ killedAt: calls }) => calls);
  const count = (start: string): number => killedAt.filter((call) => call.startsWith(start)).length;
  expect({
    // Three to restate a day; three to archive a day, twice; and a claim, a message and a receipt, twice.
    writes: count('PUT '),
    readings: count('GET /api/video/logs'),
    mailsAndSecrets: count('POST /'),
  }).toEqual({ writes: 15, readings: 3, mailsAndSecrets: 3 });
}, 240_000);
