import { describe, expect, test } from '@jest/globals';
import { LogShape } from '../../../lambda/signalwire/log-shape.ts';
import { readVideoLog, type VideoLog } from '../../../lambda/signalwire/video-log.ts';
import { type LogOptions, sessionLog } from '../../support/logs.ts';

function shapeOf(json: string): LogShape | null {
  return LogShape.of(Object.keys(JSON.parse(json) as object));
}

/** A log read by the shape of an ordinary one, in the midst of other text. */
function readByShape(options: LogOptions): VideoLog | null | undefined {
  const { json } = sessionLog('log', { more: { url: 'u', tags: ['a', { b: 1 }] }, ...options });
  return shapeOf(json)?.read(`[${json},${json}]`, 1);
}

describe('a log of a known shape', () => {
  test.each<[string, LogOptions]>([
    ['ordinary', {}],
    ['without a room', { room: null }],
    ['whose room has no characters', { room: '' }],
    ['that runs', { status: 'in-progress', endedAt: null }],
    ['whose charge is a text', { charge: '"0.1435"' }],
    ['whose charge has an exponent', { charge: '1.5E-3' }],
    ['that is a credit', { charge: '-0.5' }],
    ['of twenty digits', { charge: '12345678901234567890.12' }],
    ['with fractions of seconds', { createdAt: '2026-11-22T12:00:00.123Z' }],
    ['of another zone', { createdAt: '2026-11-22T12:00:00+02:00' }],
    ['that ended before it began', { endedAt: '2026-11-22T11:00:00Z' }],
    ['with details', { more: { charge_details: [{ description: 'a', charge: 0.1 }], locked: true } }],
  ])('%s is read by it, and as it is read otherwise', (_what, options) => {
    const { json } = sessionLog('log', { more: { url: 'u', tags: ['a', { b: 1 }] }, ...options });
    const read = readByShape(options);
    expect(read).not.toBeNull();
    expect(read).toEqual(readVideoLog(json));
  });

  test.each<[string, LogOptions]>([
    ['whose charge is not known', { charge: 'null', status: 'in-progress' }],
    ['whose charge is none', { charge: '"1,5"' }],
    ['whose charge is too long', { charge: '1e999999' }],
    ['with an escape', { room: 'a "b"' }],
    ['whose room is a number', { more: { room_name: 5 } }],
    ['whose status is a list', { more: { status: [] } }],
    ['created at no instant', { createdAt: '2026-02-30T00:00:00Z' }],
    ['that ended at no instant', { endedAt: 'soon' }],
    ['that began at no characters', { startedAt: '' }],
    ['without an id', { more: { id: '' } }],
    ['with an id that is too long', { more: { id: 'x'.repeat(201) } }],
    ['with a null id', { more: { id: null } }],
  ])('%s is left to the other way of reading', (_what, options) => {
    expect(readByShape(options)).toBeNull();
  });

  test('is not looked for elsewhere in the text', () => {
    const { json } = sessionLog('log');
    const shape = shapeOf(json);
    expect(shape?.read(`[${json}]`, 0)).toBeNull();
    expect(shape?.read(`[${json}]`, 2)).toBeNull();
    expect(shape?.read(json.slice(0, -1), 0)).toBeNull();
  });
});

test.each(['discarded_at', 'start_time', 'end_time'])('logs with %s have no shape', (name) => {
  expect(LogShape.of(['id', 'charge', 'created_at', name])).toBeNull();
});
