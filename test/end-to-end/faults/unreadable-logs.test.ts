import { expect, test } from '@jest/globals';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import { deletedLog, sessionLog, uuid } from '../../support/logs.ts';
import { openMorning } from '../../support/morning.ts';
import { servePage, servePages } from '../support/faults.ts';
import { delivery, expectRecovery, failure } from './support/outcome.ts';
import { apart, expectedOf, inTurn } from './support/runs.ts';

const AT = '2026-11-22T12:00:00Z';
const ID = uuid(1);

test('a log that lacks a required field, or has it in another form, fails the day', async () => {
  const whole = JSON.parse(sessionLog(1).json) as object;
  const altered = (fields: object): string => JSON.stringify({ ...whole, ...fields });
  const logs: readonly (readonly [what: string, json: string, problem: string])[] = [
    ['no charge', altered({ charge: undefined }), `log ${ID}: charge: is not a decimal number`],
    ['no id', altered({ id: undefined }), 'a log without a usable id: id: '],
    ['an empty id', altered({ id: '' }), 'a log without a usable id: id: '],
    ['an id that is a number', altered({ id: 7 }), 'a log without a usable id: id: '],
    ['no created_at', altered({ created_at: undefined }), `log ${ID}: created_at: `],
    ['a created_at in words', altered({ created_at: 'yesterday' }), `log ${ID}: created_at: `],
    ['a created_at without a zone', altered({ created_at: AT.slice(0, -1) }), `log ${ID}: created_at: `],
    [
      'a created_at that never was',
      altered({ created_at: '2026-02-30T12:00:00Z' }),
      `log ${ID}: created_at: `,
    ],
    ['a room that is a number', altered({ room_name: 7 }), `log ${ID}: room_name: `],
    ['an end in words', altered({ ended_at: 'soon' }), `log ${ID}: ended_at: `],
    ['a deletion in words', altered({ charge: null, discarded_at: 'soon' }), `log ${ID}: discarded_at: `],
    ['null', 'null', 'a log without a usable id: the log: '],
    ['a list', '[]', 'a log without a usable id: the log: '],
    ['a text', '"log"', 'a log without a usable id: the log: '],
  ];
  const cases = logs.map(([what, json, problem]) => ({
    fault: servePages([[sessionLog('good')], [{ json, createdAt: AT }]]),
    expected: failure({
      what,
      error: 'SignalWireInvalidResponseError',
      says: new RegExp(
        `^A video log of 2026-11-22 can't be read: ${problem}.*Nothing was stored or mailed for the day.*show this message`,
      ),
      tries: 2,
      pages: 2,
    }),
  }));
  const morning = await openMorning({ logs: [sessionLog(1, { charge: '1.25' })] });

  expect(await inTurn(morning, cases)).toEqual(expectedOf(cases));
  await expectRecovery(morning, '1.25');
});

test('a log that is only unusual is accepted as it is', async () => {
  const bare = `{"id":"${ID}","created_at":"${AT}","charge":0.5}`;
  const unknown = { kind: { of: ['thing'] }, type: 'holographic_session', locked: null };
  const logs: readonly (readonly [what: string, log: SignalWireLog, charge: string])[] = [
    ['nothing but what is needed', { json: bare, createdAt: AT }, '0.50'],
    ['unknown fields and values', sessionLog(1, { status: 'paused', more: unknown }), '0.10'],
    ['nulls', sessionLog(1, { room: null, status: null, startedAt: null, endedAt: null }), '0.10'],
    ['a running session with a charge', sessionLog(1, { status: 'in-progress' }), '0.10'],
    ['an end before the beginning', sessionLog(1, { endedAt: '2026-11-22T11:00:00Z' }), '0.10'],
    ['a deleted log', deletedLog(1), '0.00'],
    ['a deleted log that bears a charge', sessionLog(1, { more: { discarded_at: AT } }), '0.10'],
  ];
  const cases = logs.map(([what, log, charge]) => ({
    fault: servePage([log], null),
    expected: delivery({ what, charge, tries: 1 }),
  }));

  expect(await apart(cases, {})).toEqual(expectedOf(cases));
});
