import { describe, expect, test } from '@jest/globals';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { deletedLog, sessionLog, uuid } from '../support/logs.ts';
import { openMorning } from '../support/morning.ts';
import { servePage, servePages, times } from './support/faults.ts';
import { datesAsked, failureOf, failuresOf, NO_TRACES, reportOf, traces } from './support/observations.ts';

const PATH = '/api/video/logs';

describe('a list that can not be trusted fails the run', () => {
  const next = (query: string): string => `${PATH}?created_on=2026-11-22&${query}`;

  test('a next link that leads astray is not followed', async () => {
    const links = [
      ['to another server', `http://127.0.0.1:9${next('page_number=1')}`],
      ['to another host behind two slashes', `//127.0.0.1:9${next('page_number=1')}`],
      ['to a server with credentials', `http://user:pass@127.0.0.1${next('page_number=1')}`],
      ['to another path', '/api/video/room_sessions?created_on=2026-11-22&page_number=1'],
      ['to another day', `${PATH}?created_on=2026-11-21&page_number=1`],
      ['to no day', `${PATH}?page_number=1`],
      ['to two days', next('created_on=2026-11-21')],
      ['to itself', next('include_deleted=true&page_size=1000')],
      ['to itself, otherwise ordered', '?page_size=1000&include_deleted=true&created_on=2026-11-22'],
      ['to nothing that is a URL', 'http://['],
    ] as const;
    const morning = await openMorning();

    const failures = await failuresOf(morning, links, (link) => {
      morning.cloud.signalWire.intercept = servePage([sessionLog(1)], link);
    });
    expect(failures).toMatchObject(
      links.map(([what]) => ({ what, name: 'SignalWireInvalidResponseError', requests: 1 })),
    );
    expect(traces(morning)).toEqual(NO_TRACES);
  });

  test('a next link back to an earlier page', async () => {
    const morning = await openMorning();
    morning.cloud.signalWire.intercept = (request, response) => {
      const other = request.url.includes('page_number=1') ? 'page_number=2' : 'page_number=1';
      return servePage([], next(other))(request, response);
    };

    await failureOf(morning, await morning.invoke(), 'SignalWireInvalidResponseError');
    expect(morning.cloud.signalWire.requests).toHaveLength(3);
    expect(traces(morning)).toEqual(NO_TRACES);
  });
});

describe('a log that can not be trusted fails the run', () => {
  test('whatever is wrong with it', async () => {
    const at = '2026-11-22T12:00:00Z';
    const withoutCharge = JSON.stringify({ id: uuid(1), created_at: at, status: 'completed' });
    const logs: (readonly [string, SignalWireLog])[] = [
      ['a charge in words', sessionLog(1, { charge: '"free"' })],
      ['an empty charge', sessionLog(1, { charge: '""' })],
      ['a charge with a comma', sessionLog(1, { charge: '"1,5"' })],
      ['a charge in hexadecimal', sessionLog(1, { charge: '"0x10"' })],
      ['a charge that is true', sessionLog(1, { charge: 'true' })],
      ['a charge that is an object', sessionLog(1, { charge: '{"amount":1}' })],
      ['a completed session whose charge is null', sessionLog(1, { charge: 'null' })],
      ['a log without charge', { json: withoutCharge, createdAt: at }],
      ['a log without id', { json: `{"created_at":"${at}","charge":1}`, createdAt: at }],
      ['a log without created_at', { json: `{"id":"${uuid(1)}","charge":1}`, createdAt: at }],
      ['a log that is null', { json: 'null', createdAt: at }],
      ['a log of the day before', sessionLog(1, { createdAt: '2026-11-21T23:59:59Z' })],
      ['a log of the day after', sessionLog(1, { createdAt: '2026-11-23T00:00:00Z' })],
      ['a deleted log of another day', deletedLog(1, '2026-11-21T12:00:00Z')],
    ];
    const morning = await openMorning();

    const failures = await failuresOf(morning, logs, (log) => {
      morning.cloud.signalWire.intercept = servePages([[sessionLog('good')], [log]]);
    });
    expect(failures).toMatchObject(
      logs.map(([what]) => ({ what, name: 'SignalWireInvalidResponseError', requests: 2 })),
    );
    expect(traces(morning)).toEqual(NO_TRACES);
  });

  test('a log outside the day hints at the time zone of the space', async () => {
    const morning = await openMorning();
    const log = sessionLog(1, { createdAt: '2026-11-23T00:00:00Z' });
    morning.cloud.signalWire.intercept = servePage([log], null);

    const message = await failureOf(morning, await morning.invoke(), 'SignalWireInvalidResponseError');
    expect(message).toMatch(/2026-11-22.*2026-11-23.*time zone/s);
  });
});

describe('a log that is unusual is taken as it is', () => {
  const at = '2026-11-22T12:00:00Z';
  const bare = `{"id":"${uuid(1)}","created_at":"${at}","charge":0.5}`;
  const unknown = { kind: { of: ['thing'] }, type: 'holographic_session', locked: null };

  test.each<[string, SignalWireLog, object]>([
    ['nothing but what is needed', { json: bare, createdAt: at }, { charge: '0.50', sessions: 1, rooms: 1 }],
    ['unknown fields and values', sessionLog(1, { status: 'paused', more: unknown }), { charge: '0.10' }],
    [
      'nulls',
      sessionLog(1, { room: null, status: null, startedAt: null, endedAt: null }),
      { charge: '0.10' },
    ],
    [
      'no status and no charge',
      sessionLog(1, { status: null, charge: 'null' }),
      { charge: '0.00', sessions: 1 },
    ],
    ['a running session with a charge', sessionLog(1, { status: 'in-progress' }), { charge: '0.10' }],
    ['a deleted log', deletedLog(1), { charge: '0.00', sessions: 0, rooms: 0 }],
  ])('%s', async (_what, log, expected) => {
    const morning = await openMorning({ logs: [log] });

    expect(await reportOf(morning)).toMatchObject({ status: 'delivered', ...expected });
  });
});

describe('the same id twice', () => {
  const log = sessionLog('twice', { charge: '0.10' });
  const changed = sessionLog('twice', { charge: '0.20' });

  test('identical: it is counted once', async () => {
    const morning = await openMorning();
    morning.cloud.signalWire.intercept = servePages([[log], [log, sessionLog('other')]]);

    expect(await reportOf(morning)).toMatchObject({ charge: '0.20', sessions: 2 });
    expect(datesAsked(morning)).toHaveLength(2);
  });

  test('different at first: the whole day is read once more', async () => {
    const morning = await openMorning({ logs: [changed, sessionLog('other')] });
    morning.cloud.signalWire.intercept = times(1, servePage([log, changed], null));

    expect(await reportOf(morning)).toMatchObject({ charge: '0.30', sessions: 2 });
    expect(datesAsked(morning)).toHaveLength(2);
  });

  test('different again: the run fails', async () => {
    const morning = await openMorning();
    morning.cloud.signalWire.intercept = servePages([[log], [changed]]);

    await failureOf(morning, await morning.invoke(), 'SignalWireInvalidResponseError');
    expect(datesAsked(morning)).toHaveLength(4);
    expect(traces(morning)).toEqual(NO_TRACES);
  });
});
