import { describe, expect, test } from '@jest/globals';
import { BUCKET } from '../../local/cloud.ts';
import type { Invocation, LambdaProcess } from '../../local/lambda-process.ts';
import type { Intercept, RecordedRequest } from '../../local/loopback-server.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { sessionLog } from '../support/logs.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import { expectConsistentArchive, expectConsistentRevisions } from './support/consistent-archive.ts';
import { onReading, onWriting, servePage } from './support/faults.ts';
import {
  answerOf,
  CSV_KEY,
  DAY,
  failureOf,
  invokeAt,
  MANIFEST_KEY,
  manifestOf,
  only,
  restatedDays,
  statusOf,
} from './support/observations.ts';

const RESTATE = { day: DAY, restate: true };
const FIRST = sessionLog('first', { charge: '1' });

async function archived(): Promise<Morning> {
  const morning = await openMorning({ logs: [FIRST] });
  await morning.run();
  return morning;
}

describe('containers that restate the same day at once', () => {
  /** Each container reads something different, and no answer comes before all have asked. */
  function servedAtOnce(readings: readonly (readonly SignalWireLog[])[]): Intercept {
    const all = Promise.withResolvers<null>();
    let asked = 0;
    return async (request, response) => {
      const logs = readings[asked] ?? [];
      asked += 1;
      if (asked === readings.length) all.resolve(null);
      await all.promise;
      return servePage(logs, null)(request, response);
    };
  }

  async function restateAtOnce(
    morning: Morning,
    readings: readonly (readonly SignalWireLog[])[],
  ): Promise<Invocation[]> {
    const containers = await Promise.all(readings.map(() => morning.another()));
    morning.cloud.signalWire.intercept = servedAtOnce(readings);
    const invocations = await Promise.all(containers.map((container) => container.invoke(RESTATE)));
    morning.cloud.signalWire.intercept = null;
    return invocations;
  }

  const lateOnes = (count: number): SignalWireLog[][] =>
    Array.from({ length: count }, (_, index) => [
      FIRST,
      sessionLog(`late ${index}`, { charge: `${index + 1}.25`, room: `room ${index}` }),
    ]);

  test.each([[2], [4]])('(%i) with different readings: one wins, the others give way', async (count) => {
    const morning = await archived();
    const readings = lateOnes(count);
    const invocations = await restateAtOnce(morning, readings);

    const { charge, revision } = manifestOf(morning);
    expect(revision).toBe(2);
    expect(readings.map((_, index) => `${index + 2}.25`)).toContain(charge);
    expect(outcomesOf(invocations, charge)).toEqual([
      'won',
      ...Array.from({ length: count - 1 }, () => 'gave way'),
    ]);
    expectConsistentArchive(morning);

    // What only the others had read is not lost: SignalWire still lists it.
    morning.cloud.signalWire.logs = readings.flat();
    await morning.run(RESTATE);
    expect(manifestOf(morning).sessions).toBe(count + 1);
    expectConsistentArchive(morning);
  });

  test.each([[2], [4]])('(%i) with the same reading make one revision', async (count) => {
    const morning = await archived();
    const [reading = []] = lateOnes(1);
    const invocations = await restateAtOnce(
      morning,
      Array.from({ length: count }, () => reading),
    );

    expect(manifestOf(morning)).toMatchObject({ revision: 2, charge: '2.25' });
    // In the same millisecond they write exactly the same manifest, and each may take it for its own.
    const outcomes = outcomesOf(invocations, '2.25');
    expect(outcomes[0]).toBe('won');
    expect(outcomes.filter((outcome) => !['won', 'agreed', 'gave way'].includes(outcome))).toEqual([]);
    expect(morning.cloud.s3.bucket(BUCKET).versions(MANIFEST_KEY)).toHaveLength(2);
    expectConsistentArchive(morning);
  });

  test('in two mornings at once make one revision of the day before, and one mail', async () => {
    const morning = await archived();
    morning.cloud.signalWire.logs = [FIRST, sessionLog('late', { charge: '0.5' })];
    const clock = '2026-11-24T06:00:00Z';
    const containers = await Promise.all([morning.another(clock), morning.another(clock)]);

    const invocations = await Promise.all(containers.map((container) => container.invoke({})));
    expect(invocations.map(statusOf)).toContain('delivered');
    expect(manifestOf(morning)).toMatchObject({ revision: 2, charge: '1.50' });
    expect(manifestOf(morning, '2026-11-23').revision).toBe(1);
    expect(morning.cloud.ses.outbox).toHaveLength(2);
    expectConsistentArchive(morning);
  });

  test('in a slower morning have their restatement reported in the mail of the quicker one', async () => {
    const clock = '2026-11-24T06:00:00Z';
    const morning = await archived();
    morning.cloud.signalWire.logs = [FIRST, sessionLog('late', { charge: '0.5' })];
    const arrived = Promise.withResolvers<null>();
    const goOn = Promise.withResolvers<null>();
    morning.cloud.signalWire.intercept = onReading('2026-11-23', async () => {
      arrived.resolve(null);
      await goOn.promise;
      return false;
    });
    const slow = invokeAt(morning, clock);
    await arrived.promise;
    morning.cloud.signalWire.intercept = null;
    expect(statusOf(await invokeAt(morning, clock))).toBe('delivered');
    goOn.resolve(null);
    expect(answerOf(await slow).restated).toHaveLength(1);

    expect(restatedDays(only((await morning.mails()).slice(1)))).toEqual([
      `${DAY} $1.00 $1.50 +$0.50 1 late charge`,
    ]);
  });

  /** The winner first; every run that succeeds must return the winner's figures. */
  function outcomesOf(invocations: readonly Invocation[], charge: string): string[] {
    return invocations
      .map(({ result, error }) => {
        if (error !== undefined) return error.name === 'ArchiveError' ? 'gave way' : error.name;
        const { reports, restated } = answerOf({ result, stdout: [], stderr: [] });
        expect(only(reports)).toMatchObject({ charge, revision: 2 });
        return restated.length === 1 ? 'won' : 'agreed';
      })
      .sort((a, b) => Number(b === 'won') - Number(a === 'won'));
  }
});

describe('a run that overwrites the file of a run that commits meanwhile', () => {
  /** The slow run is held just before its file takes effect, until the quick one has committed. */
  async function overtaken(
    end: (slow: LambdaProcess) => Promise<void>,
  ): Promise<{ morning: Morning; slow: Invocation }> {
    const morning = await archived();
    const quickWaits = Promise.withResolvers<null>();
    const quickGoesOn = Promise.withResolvers<null>();
    const slowWaits = Promise.withResolvers<null>();
    const slowGoesOn = Promise.withResolvers<null>();
    const quickCommit = onWriting(MANIFEST_KEY, async () => {
      quickWaits.resolve(null);
      await quickGoesOn.promise;
      return false;
    });
    const slowFile = onWriting(CSV_KEY, async ({ headers }: RecordedRequest) => {
      if (headers['if-match'] === undefined) return false;
      slowWaits.resolve(null);
      await slowGoesOn.promise;
      return false;
    });

    const [quick, slow] = await Promise.all([morning.another(), morning.another()]);
    morning.cloud.signalWire.logs = [FIRST, sessionLog('quick', { charge: '2' })];
    morning.cloud.s3.intercept = quickCommit;
    const quickRun = quick.invoke(RESTATE);
    await quickWaits.promise;

    morning.cloud.signalWire.logs = [FIRST, sessionLog('slow', { charge: '4' })];
    morning.cloud.s3.intercept = slowFile;
    const slowRun = slow.invoke(RESTATE);
    await slowWaits.promise;

    quickGoesOn.resolve(null);
    expect(answerOf(await quickRun).restated).toEqual([
      { day: DAY, revision: 2, before: '1.00', after: '3.00' },
    ]);
    morning.cloud.s3.intercept = null;
    morning.cloud.s3.afterHandling = onWriting(CSV_KEY, async () => {
      morning.cloud.s3.afterHandling = null;
      await end(slow);
      return false;
    });
    slowGoesOn.resolve(null);
    return { morning, slow: await slowRun };
  }

  test('puts the right one back', async () => {
    const { morning, slow } = await overtaken(() => Promise.resolve());

    await failureOf(morning, slow, 'ArchiveError');
    expect(
      morning.cloud.s3
        .bucket(BUCKET)
        .versions(CSV_KEY)
        .map(({ bytes }) => chargesIn(bytes)),
    ).toEqual([['1.00'], ['3.00'], ['5.00'], ['3.00']]);
    expect(manifestOf(morning)).toMatchObject({ revision: 2, charge: '3.00' });
    expectConsistentArchive(morning);
  });

  test('and dies leaves it to the next reading to put the right one back, even if that finds nothing new', async () => {
    const { morning, slow } = await overtaken((container) => container.kill());

    expect(slow).toMatchObject({ error: { name: 'Runtime.ExitError' } });
    expectConsistentRevisions(morning);
    expect(chargesIn(morning.cloud.s3.bucket(BUCKET).bytes(CSV_KEY))).toEqual(['5.00']);

    morning.cloud.signalWire.logs = [FIRST, sessionLog('quick', { charge: '2' })];
    expect((await morning.run(RESTATE)).restated).toEqual([]);
    expect(manifestOf(morning)).toMatchObject({ revision: 2, charge: '3.00' });
    expectConsistentArchive(morning);
  });

  function chargesIn(bytes: Buffer): string[] {
    return [...bytes.toString().matchAll(/,([\d.]+),USD/g)].map(([, charge = '']) => charge);
  }
});

describe('a run that dies', () => {
  /** More writes than any run makes. */
  const MOST_WRITES = 40;

  /** Invokes in a container that is killed once a number of writes have taken effect, unless it ends before. */
  async function dieAfter(
    writes: number,
    morning: Morning,
    container: LambdaProcess,
    event: unknown,
  ): Promise<boolean> {
    let left = writes;
    morning.cloud.s3.afterHandling = onWriting('', async () => {
      left -= 1;
      if (left > 0) return false;
      await container.kill();
      return true;
    });
    const { error } = await container.invoke(event);
    morning.cloud.s3.afterHandling = null;
    return error?.name === 'Runtime.ExitError';
  }

  test('after any of its writes while it restates a day is completed by the next run', async () => {
    const morning = await archived();
    const logs = [FIRST];
    let writes = 0;
    let died: boolean;
    do {
      writes += 1;
      logs.push(sessionLog(`late ${writes}`, { charge: '0.1', room: `room ${writes % 3}` }));
      morning.cloud.signalWire.logs = logs;
      died = await dieAfter(writes, morning, await morning.another(), RESTATE);
      expectConsistentRevisions(morning);

      await morning.run(RESTATE);
      expectConsistentArchive(morning);
      expect(manifestOf(morning)).toMatchObject({ sessions: logs.length, revision: logs.length });
    } while (died && writes < MOST_WRITES);

    // Two files and the manifest; a fourth write never comes.
    expect(writes).toBe(4);
    expect(manifestOf(morning).charge).toBe('1.40');
  });
});
