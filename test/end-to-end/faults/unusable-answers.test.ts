import { expect, test } from '@jest/globals';
import { sessionLog } from '../../support/logs.ts';
import { openMorning } from '../../support/morning.ts';
import { reply, replyJson } from '../support/faults.ts';
import { expectRecovery, failure } from './support/outcome.ts';
import { expectedOf, inTurn } from './support/runs.ts';

const LOG = JSON.parse(sessionLog(1).json) as unknown;

test('JSON of another shape is not taken for an empty day, and not requested again', async () => {
  const shapes: readonly (readonly [what: string, value: unknown])[] = [
    ['null', null],
    ['true', true],
    ['a text', 'OK'],
    ['a number', 0],
    ['a list', [LOG]],
    ['nothing', {}],
    ['an error', { error: 'Unauthorized' }],
    ['no links', { data: [LOG] }],
    ['links that are null', { links: null, data: [LOG] }],
    ['links that are a list', { links: [], data: [LOG] }],
    ['no data', { links: {} }],
    ['data that are null', { links: {}, data: null }],
    ['data that are one log', { links: {}, data: LOG }],
    ['data that are a text', { links: {}, data: '[]' }],
    ['a link that is a number', { links: { next: 7 }, data: [LOG] }],
    ['a link that is false', { links: { next: false }, data: [LOG] }],
    ['a link that is an object', { links: { next: {} }, data: [LOG] }],
  ];
  const cases = shapes.map(([what, value]) => ({
    fault: replyJson(200, value),
    expected: failure({
      what,
      error: 'SignalWireInvalidResponseError',
      says: /logs of 2026-11-22 can't be trusted: a page does not have the expected shape: .*show this message/,
      tries: 1,
    }),
  }));
  const morning = await openMorning({ logs: [sessionLog(1, { charge: '1.25' })] });

  expect(await inTurn(morning, cases)).toEqual(expectedOf(cases));
  await expectRecovery(morning, '1.25');
});

test('redirects are not followed, wherever they lead', async () => {
  const path = '/api/video/logs?created_on=2026-11-22&include_deleted=true&page_size=1000';
  const elsewhere = await openMorning({ logs: [sessionLog('elsewhere', { charge: '9' })] });
  const other = elsewhere.cloud.signalWire;
  const targets = [
    ['another server', `${other.url}${path}`],
    ['another server, its scheme left out', `${other.url.replace('http:', '')}${path}`],
    ['the same page', path],
    ['another path', '/login'],
  ] as const;
  const cases = [301, 302, 303, 307, 308].flatMap((status) =>
    targets.map(([where, location]) => ({
      fault: reply(status, '', { location }),
      expected: failure({
        what: `${status} to ${where}`,
        error: 'SignalWireInvalidResponseError',
        says: new RegExp(`redirect \\(${status}\\), which is not followed. Check SIGNALWIRE_SPACE_URL`),
        tries: 1,
      }),
    })),
  );
  const morning = await openMorning({ logs: [sessionLog(1, { charge: '1.25' })] });

  expect(await inTurn(morning, cases)).toEqual(expectedOf(cases));
  expect(other.requests).toEqual([]);
  await expectRecovery(morning, '1.25');
});
