import { describe, expect, test } from '@jest/globals';
import { readVideoLog } from '../../../lambda/signalwire/video-log.ts';
import { deletedLog, type LogOptions, sessionLog, uuid } from '../../support/logs.ts';
import { type PlainLog, plainLog } from '../../support/plain-logs.ts';

const ID = uuid('log');
const NOON = Date.parse('2026-11-22T12:00:00Z');

function readSession(options: LogOptions = {}): PlainLog {
  const log = plainLog(readVideoLog(sessionLog('log', options).json));
  if (log.kind !== 'session') throw new Error(`No session: ${JSON.stringify(log)}`);
  return log;
}

function problemOf(text: string): string {
  const log = readVideoLog(text);
  if (!('problem' in log)) throw new Error(`It was accepted: ${JSON.stringify(log)}`);
  return log.problem;
}

/** The JSON of a session with some fields changed; undefined removes a field. */
function altered(fields: Readonly<Record<string, unknown>>): string {
  const whole = JSON.parse(sessionLog('log').json) as Record<string, unknown>;
  return JSON.stringify({ ...whole, ...fields });
}

test('a session is read field by field', () => {
  const { json } = sessionLog('log', { charge: '0.1435', room: 'standup', more: { url: 'https://x' } });
  expect(plainLog(readVideoLog(json))).toEqual({
    kind: 'session',
    id: ID,
    createdAt: NOON,
    roomName: 'standup',
    durationMs: 600_000,
    charge: '0.1435',
    inProgress: false,
    asSent: {
      type: 'video_room_session',
      source: 'realtime_api',
      status: 'completed',
      locked: 'false',
      url: 'https://x',
      createdAt: '2026-11-22T12:00:00Z',
      startedAt: '2026-11-22T12:00:00Z',
      endedAt: '2026-11-22T12:10:00Z',
      charge: '0.1435',
      chargeDetails: '[]',
      json,
    },
  });
});

describe('a charge', () => {
  const charges: readonly (readonly [json: string, exact: string])[] = [
    ['0.10', '0.10'],
    ['"0.10"', '0.10'],
    ['0', '0.00'],
    ['7', '7.00'],
    ['"0.01"', '0.01'],
    ['0.1435', '0.1435'],
    ['1e-7', '0.0000001'],
    ['"1E-7"', '0.0000001'],
    ['1.5e3', '1500.00'],
    ['2E+2', '200.00'],
    ['12345678901234567890', '12345678901234567890.00'],
    ['0.12345678901234567891', '0.12345678901234567891'],
    ['9007199254740993.01', '9007199254740993.01'],
    ['-2', '-2.00'],
    ['"-0.005"', '-0.005'],
    ['-0', '0.00'],
    ['"-0.00"', '0.00'],
    ['1e-400', `0.${'0'.repeat(399)}1`],
  ];
  const statuses: readonly (readonly [status: string | null, inProgress: boolean])[] = [
    ['completed', false],
    ['in-progress', true],
    [null, false],
    ['archived', false],
  ];

  test.each(
    statuses.flatMap(([status, inProgress]) =>
      charges.map((charge) => [...charge, status, inProgress] as const),
    ),
  )('%s is exactly %s while the status is %j', (json, exact, status, inProgress) => {
    const log = readSession({ charge: json, status });
    expect(log.charge).toBe(exact);
    expect(log.inProgress).toBe(inProgress);
  });

  test.each(['in-progress', null, 'archived'])('of null is not known yet if the status is %j', (status) => {
    expect(readSession({ charge: 'null', status })).toMatchObject({ charge: null, inProgress: true });
  });

  test('of null is not known yet if there is no status at all', () => {
    expect(plainLog(readVideoLog(altered({ charge: null, status: undefined })))).toMatchObject({
      kind: 'session',
      charge: null,
      inProgress: true,
    });
  });

  test('of null is refused once the session is completed', () => {
    expect(problemOf(sessionLog('log', { charge: 'null' }).json)).toBe(
      `log ${ID} is completed, but its charge is null`,
    );
  });

  test.each([
    'true',
    'false',
    '""',
    '" "',
    '"abc"',
    '"0x10"',
    '"1,5"',
    '"$1"',
    '" 1"',
    '"1\\n"',
    '"+1"',
    '"1e"',
    '"--1"',
    '"Infinity"',
    '"-Infinity"',
    '"NaN"',
    '"null"',
    '"١"',
    '1e999999999',
    '"1e999999999"',
    '1e-999999999',
    '1e99999999999999999999',
    '[]',
    '[1]',
    '{}',
    '{"rawJSON":"1"}',
    '{"amount":1}',
  ])('%s is refused, naming the log and the field', (charge) => {
    const problem = problemOf(sessionLog('log', { charge }).json);
    expect(problem).toMatch(new RegExp(`^log ${ID}: charge: .*is not a decimal number$`));
  });

  test('that is missing is refused, naming the log and the field', () => {
    expect(problemOf(altered({ charge: undefined }))).toBe(`log ${ID}: charge: is not a decimal number`);
  });

  test('that is a very long text is not repeated in full', () => {
    const problem = problemOf(sessionLog('log', { charge: JSON.stringify('x'.repeat(100_000)) }).json);
    expect(problem.length).toBeLessThan(300);
  });
});

describe('a room name', () => {
  test.each([
    ['null', null, null],
    ['of no characters', '', null],
    ['like a prototype', '__proto__', '__proto__'],
    ['like a method', 'constructor', 'constructor'],
    ['with half a surrogate pair', 'a\ud83db', 'a\ufffdb'],
    ['with a whole surrogate pair', '🎥', '🎥'],
    ['of blanks', '  ', '  '],
    ['of 10 kB', 'r'.repeat(10_240), 'r'.repeat(10_240)],
    ['with line breaks and NUL', 'a\r\nb\0', 'a\r\nb\0'],
  ])('%s', (_, room, expected) => {
    expect(readSession({ room }).roomName).toBe(expected);
  });

  test('that is missing is null', () => {
    expect(plainLog(readVideoLog(altered({ room_name: undefined })))).toMatchObject({
      kind: 'session',
      roomName: null,
    });
  });

  test.each([[5], [true], [['standup']], [{}]])('that is not text is refused: %j', (room_name) => {
    expect(problemOf(altered({ room_name }))).toContain(`log ${ID}: room_name: `);
  });
});

test('unknown fields and unknown values of known ones are accepted', () => {
  const more = {
    source: 'carrier-pigeon',
    type: 'video_hologram',
    locked: 'perhaps',
    url: null,
    charge_details: 'none',
    constructor: 1,
    tags: [{ a: 1 }],
  };
  expect(readSession({ status: 'paused', more })).toMatchObject({
    id: ID,
    inProgress: false,
    durationMs: 600_000,
  });
});

describe('the duration', () => {
  const start = '2026-11-22T12:00:00Z';
  const end = '2026-11-22T12:00:01.500Z';
  test.each([
    ['started_at and ended_at', { started_at: start, ended_at: end }, 1500],
    ['start_time and end_time of older pages', { start_time: start, end_time: end }, 1500],
    [
      'the newer names where both are there',
      { started_at: start, ended_at: end, start_time: end, end_time: end },
      1500,
    ],
    [
      'the older names where the newer are null',
      { started_at: null, ended_at: null, start_time: start, end_time: end },
      1500,
    ],
    ['offsets', { started_at: '2026-11-22T14:00:00+02:00', ended_at: '2026-11-22T07:00:01.5-05:00' }, 1500],
    ['no end yet', { started_at: start, ended_at: null }, null],
    ['no start', { ended_at: end }, null],
    ['neither', {}, null],
  ])('%s', (_, times, durationMs) => {
    expect(
      plainLog(readVideoLog(altered({ started_at: undefined, ended_at: undefined, ...times }))),
    ).toMatchObject({
      durationMs,
    });
  });

  test.each(['started_at', 'ended_at', 'start_time', 'end_time'])(
    'is not read if %s is not an instant: the log is refused',
    (field) => {
      expect(problemOf(altered({ [field]: 'yesterday' }))).toContain(`log ${ID}: ${field}: `);
    },
  );
});

describe('created_at', () => {
  test.each([
    ['2026-11-22T00:00:00Z', '2026-11-22T00:00:00.000Z'],
    ['2026-11-22T23:59:59.999999999Z', '2026-11-22T23:59:59.999Z'],
    ['2026-11-22T01:30:00+02:00', '2026-11-21T23:30:00.000Z'],
    ['2026-11-22T12:00:00.123456-08:00', '2026-11-22T20:00:00.123Z'],
  ])('may be %s', (createdAt, expected) => {
    expect(
      new Date(readSession({ createdAt, startedAt: null, endedAt: null }).createdAt ?? NaN).toISOString(),
    ).toBe(expected);
  });

  test.each([
    ['without a zone', '2026-11-22T12:00:00'],
    ['of a date alone', '2026-11-22'],
    ['with a blank instead of T', '2026-11-22 12:00:00Z'],
    ['on a day that does not exist', '2026-02-30T00:00:00Z'],
    ['in words', 'Sun, 22 Nov 2026 12:00:00 GMT'],
    ['of no characters', ''],
    ['that is null', null],
    ['that is a number', 1_795_348_800],
    ['that is missing', undefined],
  ])('%s is refused, naming the log and the field', (_, created_at) => {
    expect(problemOf(altered({ created_at }))).toContain(`log ${ID}: created_at: `);
  });
});

describe('a deleted log', () => {
  test('has no charge and no room name', () => {
    const { json } = deletedLog('log');
    expect(plainLog(readVideoLog(json))).toEqual({
      kind: 'deleted',
      id: ID,
      createdAt: NOON,
      discardedAt: '2026-11-22T20:00:00Z',
      asSent: { json },
    });
  });

  test.each([
    ['0.25', '0.25'],
    ['0', '0.00'],
  ])('that still has a charge is a session: %s', (charge, exact) => {
    const log = readSession({ charge, more: { discarded_at: '2026-11-22T20:00:00Z' } });
    expect(log.charge).toBe(exact);
  });

  test('may also have a charge of null', () => {
    const { json } = sessionLog('log', { charge: 'null', more: { discarded_at: '2026-11-22T20:00:00Z' } });
    expect(readVideoLog(json)).toMatchObject({ kind: 'deleted', id: ID });
  });

  test('whose charge can’t be read is refused like a session', () => {
    const { json } = sessionLog('log', { charge: '"abc"', more: { discarded_at: '2026-11-22T20:00:00Z' } });
    expect(problemOf(json)).toContain(`log ${ID}: charge: `);
  });

  test.each([
    ['created_at', { created_at: '2026-11-22T12:00:00' }],
    ['discarded_at', { discarded_at: 'yesterday' }],
    // Then it is not deleted, and a session must have a charge.
    ['charge', { discarded_at: null }],
  ])('without a usable %s is refused', (field, fields) => {
    const whole = JSON.parse(deletedLog('log').json) as object;
    expect(problemOf(JSON.stringify({ ...whole, ...fields }))).toContain(`log ${ID}: ${field}: `);
  });
});

test.each(['null', 'true', '5', '"log"', '[]', '{}'])('an entry that is not a log is refused: %s', (text) => {
  expect(problemOf(text)).toContain('a log without a usable id: ');
});

test.each([[null], [''], [5], [undefined], ['x'.repeat(201)]])(
  'a log without a usable id is refused: %j',
  (id) => {
    expect(problemOf(altered({ id }))).toContain('a log without a usable id: id: ');
  },
);
