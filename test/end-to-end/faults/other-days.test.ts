import { describe, expect, test } from '@jest/globals';
import { deletedLog, sessionLog, uuid } from '../../support/logs.ts';
import { openMorning } from '../../support/morning.ts';
import { onReading, servePage, servePages } from '../support/faults.ts';
import { delivery, expectRecovery, failure, type Outcome, watch } from './support/outcome.ts';
import { expectedOf, inTurn } from './support/runs.ts';

/** How a run fails that receives log 1, which is of a date other than the one it asked for. */
function outside(what: string, asked: string, given: string, tries: number): Outcome {
  return failure({
    what,
    error: 'SignalWireInvalidResponseError',
    says: new RegExp(
      `^Asked for the video logs of ${asked} \\(UTC\\), SignalWire listed log ${uuid(1)}, created at ${given}\\. ` +
        'The space may use a time zone other than UTC.*Nothing was stored or mailed for the day. Ask SignalWire support',
    ),
    tries,
    pages: tries,
  });
}

test('in UTC, a log of another day fails the day, and the time zone of the space is named', async () => {
  const logs = [
    ['2026-11-21T23:59:59.999Z', '2026-11-21T23:59:59.999Z'],
    ['2026-11-23T00:00:00Z', '2026-11-23T00:00:00.000Z'],
    ['2026-11-22T23:00:00-05:00', '2026-11-23T04:00:00.000Z'],
    ['2025-11-22T12:00:00Z', '2025-11-22T12:00:00.000Z'],
  ].flatMap(([createdAt = '', instant = '']) => [
    ['a session', sessionLog(1, { createdAt, startedAt: null, endedAt: null }), instant] as const,
    ['a deleted log', deletedLog(1, createdAt), instant] as const,
  ]);
  const cases = logs.map(([kind, log, instant]) => ({
    fault: servePages([[sessionLog('good')], [log]]),
    expected: outside(`${kind} of ${log.createdAt}`, '2026-11-22', instant, 2),
  }));
  const morning = await openMorning({ logs: [sessionLog(1, { charge: '1.25' })] });

  expect(await inTurn(morning, cases)).toEqual(expectedOf(cases));
  await expectRecovery(morning, '1.25');
});

describe('in another time zone', () => {
  const environment = { BILLING_TIME_ZONE: 'Europe/Berlin' };

  test('logs of the same dates but of another billing day are left to that day', async () => {
    const what = 'Berlin';
    const inside = ['2026-11-21T23:00:00Z', '2026-11-22T22:59:59.999Z'];
    const others = ['2026-11-21T00:00:00Z', '2026-11-21T22:59:59.999Z', '2026-11-22T23:00:00Z'];
    const morning = await openMorning({
      environment,
      logs: [
        ...inside.map((createdAt) => sessionLog(createdAt, { createdAt, charge: '1.25' })),
        ...others.map((createdAt) => sessionLog(createdAt, { createdAt, charge: '100' })),
      ],
    });
    const outcome = watch(morning);

    expect(await outcome(what, await morning.invoke())).toEqual(
      delivery({ what, charge: '2.50', tries: 2, pages: 2 }),
    );
  });

  test('a log of a date other than the one asked for fails the day', async () => {
    const morning = await openMorning({ environment });
    const stranger = sessionLog(1, { createdAt: '2026-11-22T00:00:00Z' });
    const cases = [
      {
        fault: onReading('2026-11-21', servePage([stranger], null)),
        expected: outside('of the second date, with the first', '2026-11-21', '2026-11-22T00:00:00.000Z', 2),
      },
      {
        fault: onReading(
          '2026-11-22',
          servePage([sessionLog(1, { createdAt: '2026-11-23T00:00:00Z' })], null),
        ),
        expected: outside('of a third date, with the second', '2026-11-22', '2026-11-23T00:00:00.000Z', 1),
      },
    ];

    expect(await inTurn(morning, cases)).toEqual(expectedOf(cases));
  });
});
