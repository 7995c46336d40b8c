import { expect, test } from '@jest/globals';
import { sessionLog } from '../../support/logs.ts';
import { openMorning } from '../../support/morning.ts';
import { servePage } from '../support/faults.ts';
import { delivery, expectRecovery, failure, watch } from './support/outcome.ts';
import { expectedOf, inTurn } from './support/runs.ts';

const PATH = '/api/video/logs';
const FIRST = `${PATH}?created_on=2026-11-22&include_deleted=true&page_size=1000`;

test('links to the next page are followed in every form that they may have', async () => {
  const morning = await openMorning();
  const { signalWire } = morning.cloud;
  const query = (page: number): string => `created_on=2026-11-22&page_number=${page}&page_token=PA${page}`;
  const links: readonly (readonly [link: (query: string) => string, asked?: (query: string) => string])[] = [
    [(query) => `${signalWire.url}${PATH}?${query}`],
    [(query) => `${signalWire.url.replace('http', 'HTTP')}${PATH}?${query}`],
    [(query) => `${PATH}?${query}`],
    [(query) => `?${query}`],
    [(query) => `logs?${query}`],
    [(query) => `./logs?${query}`],
    [(query) => `../video/logs?${query}`],
    [(query) => `?${query}#more`],
    [(query) => `?${query}&include_deleted=true&page_size=1000&further=parameter`],
    [(query) => `?${query.replace('2026-11', '2026%2D11')}`],
  ];
  const written = links.map(([link], index) => link(query(index + 1)));
  signalWire.intercept = (request, response) => {
    const index = signalWire.requests.length - 1;
    const log = sessionLog(index, { charge: `0.${String(index).padStart(2, '0')}1` });
    return servePage([log], written[index] ?? null)(request, response);
  };
  const outcome = watch(morning);

  // 0.001 + 0.011 + … + 0.101
  expect(await outcome('links', await morning.invoke())).toEqual(
    delivery({ what: 'links', charge: '0.561', shown: '$0.56', tries: 11, pages: 11 }),
  );
  expect(signalWire.requests.map(({ url }) => url)).toEqual([
    FIRST,
    ...written.map((link) => `${PATH}${link.slice(link.indexOf('?')).replace('#more', '')}`),
  ]);
});

test('a link that leads elsewhere is not followed, and nobody else receives the token', async () => {
  const stranger = (await openMorning({ logs: [sessionLog('stranger')] })).cloud.signalWire;
  const morning = await openMorning({ logs: [sessionLog(1, { charge: '1.25' })] });
  const own = morning.cloud.signalWire.url;
  const host = (origin: string): string => new URL(origin).host;
  const query = '?created_on=2026-11-22&page_number=1&page_token=PA1';
  const next = `${PATH}${query}`;
  const astray: Readonly<Record<string, readonly (readonly [where: string, link: string])[]>> = {
    'leads to another server': [
      ['another port', `${stranger.url}${next}`],
      ['another host', `${own.replace('127.0.0.1', 'localhost')}${next}`],
      ['a host that begins alike', `${own.replace('127.0.0.1', '127.0.0.1.example.org')}${next}`],
      ['another scheme', `${own.replace('http', 'https')}${next}`],
      ['a file', `file://${next}`],
      ['a script', 'javascript:alert(1)'],
      ['a user name', `${own.replace('//', '//user@')}${next}`],
      ['a user name and a password', `${own.replace('//', '//user:password@')}${next}`],
      ['the own host as user of another', `${own}@${host(stranger.url)}${next}`],
      ['many slashes', `http:////${host(stranger.url)}${next}`],
    ],
    'is not a URL that can be followed': [
      ['another host behind two slashes', `//${host(stranger.url)}${next}`],
      ['the own host behind two slashes', `//${host(own)}${next}`],
      ['three slashes', `///${host(stranger.url)}${next}`],
      ['two backslashes', `\\\\${host(stranger.url)}${next}`],
      ['a slash and a backslash', `/\\${host(stranger.url)}${next}`],
      ['backslashes behind the scheme', `http:\\\\${host(stranger.url)}${next}`],
      ['a backslash in the path', `/api/video\\logs${query}`],
      ['a tab between slashes', `/\t/${host(stranger.url)}${next}`],
      ['a line break between slashes', `/\n/${host(stranger.url)}${next}`],
      ['a header behind a line break', `${next}\r\nx: y`],
      ['a blank in front', ` ${own}${next}`],
      ['no URL', 'http://['],
    ],
    'leads to another path': [
      ['another list', `/api/video/room_sessions${query}`],
      ['below', `${PATH}/archive${query}`],
      ['a slash at the end', `${PATH}/${query}`],
      ['something in front', `/proxy${next}`],
      ['up and away', `${PATH}/../rooms${query}`],
      ['other letters', `/api/video/%6Cogs${query}`],
    ],
    'does not keep created_on': [
      ['another day', next.replace('11-22', '11-21')],
      ['no day', `${PATH}?page_number=1`],
      ['an empty day', `${PATH}?created_on=&page_number=1`],
      ['the same day twice', `${next}&created_on=2026-11-22`],
      ['two days', `${next}&created_on=2026-11-21`],
      ['a list of days', next.replace('created_on', 'created_on[]')],
    ],
    'leads back to': [
      ['itself', FIRST],
      ['itself, absolute', `${own}${FIRST}`],
      ['itself, with a fragment', `${FIRST}#more`],
      ['itself, nothing said', ''],
      ['itself, in another order', '?page_size=1000&include_deleted=true&created_on=2026-11-22'],
    ],
  };
  const cases = Object.entries(astray).flatMap(([reason, links]) =>
    links.map(([where, link]) => ({
      fault: servePage([sessionLog(1)], link),
      expected: failure({
        what: where,
        error: 'SignalWireInvalidResponseError',
        says: new RegExp(
          `logs of 2026-11-22 can't be trusted: the link to the next page ${reason}.*show this message`,
        ),
        tries: 1,
      }),
    })),
  );

  expect(await inTurn(morning, cases)).toEqual(expectedOf(cases));
  expect(stranger.requests).toEqual([]);
  await expectRecovery(morning, '1.25');
});
