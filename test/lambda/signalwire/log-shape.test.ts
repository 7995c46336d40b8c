import { describe, expect, test } from '@jest/globals';
import { LogShape } from '../../../lambda/signalwire/log-shape.ts';
import { FoundLogs } from '../../../lambda/signalwire/page-logs.ts';
import type { PageText } from '../../../lambda/signalwire/page-text.ts';
import { readVideoLog, SessionLog } from '../../../lambda/signalwire/video-log.ts';
import { type LogOptions, sessionLog } from '../../support/logs.ts';
import { type PlainLog, plainLog, textOf } from '../../support/plain-logs.ts';

function shapeOf(json: string): LogShape | null {
  return LogShape.of(textOf(json), 0);
}

/** The end of the log that begins at a position; -1 if it does not have the shape of the log `like`. */
function endOf(found: FoundLogs, at: number, like: string): number {
  const shape = shapeOf(like);
  if (shape === null) throw new Error('Logs like that have no shape');
  return found.addUsual(shape, at);
}

function logOf(options: LogOptions): string {
  return sessionLog('log', { more: { url: 'u', tags: ['a', { b: 1 }] }, ...options }).json;
}

/** The log that begins at a position of a page, read by a shape; null if it has another shape. */
function readAt(page: PageText, at: number, shape: LogShape | null): PlainLog | null {
  const found = new FoundLogs(page);
  if (shape === null || found.addUsual(shape, at) === -1) return null;
  return plainLog(found.log(0));
}

/** A log, surrounded by other text, read by the shape of an ordinary one. */
function readByShape(json: string, ordinary = logOf({})): PlainLog | null {
  return readAt(textOf(`[${json},${json}]`), 1, shapeOf(ordinary));
}

describe('a log of a known shape', () => {
  test.each<[string, LogOptions]>([
    ['ordinary', {}],
    ['without a room', { room: null }],
    ['whose room has no characters', { room: '' }],
    ['whose room is not ASCII', { room: 'büro 🎥' }],
    ['that runs', { status: 'in-progress', endedAt: null }],
    ['whose charge is a text', { charge: '"0.1435"' }],
    ['whose charge has an exponent', { charge: '1.5E-3' }],
    ['that is a credit', { charge: '-0.5' }],
    ['of twenty digits', { charge: '12345678901234567890.12' }],
    ['with fractions of seconds', { createdAt: '2026-11-22T12:00:00.123Z' }],
    ['of another zone', { createdAt: '2026-11-22T12:00:00+02:00' }],
    ['that ended before it began', { endedAt: '2026-11-22T11:00:00Z' }],
    ['whose charge is none', { charge: '"1,5"' }],
    ['whose charge is too long', { charge: '1e999999' }],
    ['whose charge is no number', { charge: 'true' }],
    ['that ended at no instant', { endedAt: 'soon' }],
    ['that began at no characters', { startedAt: '' }],
  ])('%s is matched by its shape, and reads the same as by readVideoLog', (_what, options) => {
    const json = logOf(options);
    expect(readByShape(json)).toEqual(plainLog(readVideoLog(json)));
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['whose members are null', { locked: null, type: null, source: null, url: null, charge_details: null }],
    ['with details', { locked: true, charge_details: [{ description: 'a', charge: 0.1 }] }],
    ['without an id', { id: '' }],
    ['with an id that is too long', { id: 'x'.repeat(201) }],
    ['with an id of many bytes', { id: '漢'.repeat(200) }],
    ['with a null id', { id: null }],
  ])('%s is matched by its shape, and reads the same as by readVideoLog', (_what, members) => {
    const ordinary = { url: 'u', locked: false, charge_details: [], tags: [] };
    const json = logOf({ more: { ...ordinary, ...members } });
    expect(readByShape(json, logOf({ more: ordinary }))).toEqual(plainLog(readVideoLog(json)));
  });

  test.each<[string, LogOptions]>([
    ['with an escape', { room: 'a "b"' }],
    ['whose room is a number', { more: { room_name: 5 } }],
    ['whose status is a list', { more: { status: [] } }],
    ['whose lock is a text', { more: { locked: 'true' } }],
    ['whose charge is null', { charge: 'null', status: 'in-progress' }],
    ['created at no instant', { createdAt: '2026-02-30T00:00:00Z' }],
    ['created at a time that no day has', { createdAt: '2026-11-22T24:00:00Z' }],
  ])('%s is left to readVideoLog', (_what, options) => {
    expect(readByShape(sessionLog('log', options).json, sessionLog('log').json)).toBeNull();
  });

  test('is matched only at the given position', () => {
    const json = logOf({});
    const shape = shapeOf(json);
    expect(readAt(textOf(`[${json}]`), 0, shape)).toBeNull();
    expect(readAt(textOf(`[${json}]`), 2, shape)).toBeNull();
    for (let length = 0; length < json.length; length += 1) {
      expect(readAt(textOf(json.slice(0, length)), 0, shape)).toBeNull();
    }
  });

  test('that lacks members does not take them over from another log that had them', () => {
    const [long, short] = [
      logOf({ room: 'room' }),
      '{"created_at":"2026-11-22T12:00:00Z","charge":1,"id":"b"}',
    ];
    const page = textOf(`${long.slice(0, -1)},"x":1}${short}`);
    const found = new FoundLogs(page);
    // It finds nearly all of the first log's members before it turns out to have one more.
    expect(endOf(found, 0, long)).toBe(-1);
    expect(endOf(found, page.bytes.indexOf(short), short)).toBe(page.bytes.length);
    expect(plainLog(found.log(0))).toEqual(plainLog(readVideoLog(short)));
  });
});

test('logs are created only when they are asked for', () => {
  const json = logOf({});
  const found = new FoundLogs(textOf(json));
  expect(endOf(found, 0, json)).toBe(json.length);
  expect(found.log(0)).toBeInstanceOf(SessionLog);
  expect(found.log(0)).not.toBe(found.log(0));
});

test.each(['discarded_at', 'start_time', 'end_time'])('logs with %s have no shape', (name) => {
  expect(shapeOf(`{"id":"a","charge":1,"created_at":"b","${name}":null}`)).toBeNull();
});
