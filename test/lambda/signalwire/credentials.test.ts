import { inspect } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import { signalWireClient } from '../../../lambda/signalwire/client.ts';
import type { Credentials } from '../../../lambda/signalwire/credentials.ts';
import { SignalWireServer } from '../../../local/signalwire-server.ts';
import { sessionLog } from '../../support/logs.ts';
import { plainPage } from '../../support/plain-logs.ts';
import {
  ask,
  basicAuthorization,
  closeServers,
  CREDENTIALS,
  deadlineIn,
  failureOf,
  FIRST_REQUEST,
  Secret,
  started,
} from './asking.ts';
import { askFaulty, type Fault, raw, READ, RESERVED_MS, status } from './faulty-space.ts';
import { together } from './together.ts';

afterAll(closeServers);

const ROTATED: Credentials = { ...CREDENTIALS, apiToken: 'PTrotated0123456789' };

describe('the credentials', () => {
  const { apiToken } = CREDENTIALS;
  const basic = basicAuthorization(CREDENTIALS).slice('Basic '.length);
  const asJson = { 'content-type': 'application/json' };
  const inMessage = (message: string): string => JSON.stringify({ error: message });
  const inErrors = (error: object): string => JSON.stringify({ errors: [error] });

  const ECHOES = [
    { title: 'in the error', fault: status(401, asJson, inMessage(`${apiToken} is not known`)) },
    { title: 'in the error, as header', fault: status(403, asJson, inMessage(`Bad: Basic ${basic}`)) },
    {
      title: 'in the error, many times',
      fault: status(400, asJson, inMessage(`${apiToken}${basic}`.repeat(50))),
    },
    {
      title: 'where a long error is cut',
      fault: status(400, asJson, inMessage(`${'x'.repeat(290)}${apiToken}`)),
    },
    { title: 'in a message', fault: status(422, asJson, inErrors({ message: `${apiToken}: bad` })) },
    { title: 'in a code', fault: status(422, asJson, inErrors({ message: 'bad', code: apiToken })) },
    { title: 'in an attribute', fault: status(422, asJson, inErrors({ message: 'bad', attribute: basic })) },
    { title: 'in HTML', fault: status(403, { 'content-type': 'text/html' }, `<p>${apiToken} ${basic}</p>`) },
    { title: 'in a header', fault: status(403, { 'x-authorization': `Basic ${basic}` }) },
    { title: 'in the reason', fault: raw(`HTTP/1.1 401 ${apiToken} ${basic}\r\ncontent-length: 0\r\n\r\n`) },
    {
      title: 'in the target of a redirect',
      fault: status(302, { location: `/?token=${apiToken}&basic=${basic}` }),
    },
    { title: 'in an overload', fault: status(429, { 'retry-after': '9999999' }, `${apiToken} ${basic}`) },
    { title: 'in a body that is not JSON', fault: status(200, {}, `${apiToken} ${basic}`) },
    { title: 'in JSON that is cut', fault: status(200, {}, `{"token":"${apiToken} ${basic}`) },
    { title: 'in what is no HTTP', fault: raw(`${apiToken} ${basic}\r\n\r\n`) },
    {
      title: 'nowhere: the connection is reset',
      fault: (({ socket }) => socket?.resetAndDestroy()) as Fault,
    },
    { title: 'nowhere: there is no answer', fault: () => undefined },
  ];
  const outcomes = together(
    ECHOES,
    ({ fault }) => askFaulty(fault, Infinity, { deadline: deadlineIn(RESERVED_MS + 1100) }),
    { apart: true },
  );

  test.each(ECHOES)('appear nowhere in the failure, even if the API repeats them: $title', async (echo) => {
    const { error } = await outcomes(echo);
    expect(error?.name).toMatch(/^SignalWire(Rejected|Unavailable|InvalidResponse)Error$/);
    const everything = [
      error?.message,
      error?.stack,
      JSON.stringify(error),
      inspect(error, { depth: Infinity, showHidden: true }),
      inspect(error?.cause, { depth: Infinity, showHidden: true }),
    ].join('\n');
    expect(everything).not.toContain(apiToken);
    expect(everything).not.toContain(basic);
  });
});

describe('a 401', () => {
  async function spaceOf(credentials: Credentials): Promise<SignalWireServer> {
    return started(new SignalWireServer({ ...credentials, logs: [sessionLog('first')] }));
  }

  /** A client that has read a page, and whose token was rotated afterwards. */
  async function rotatedAfterAPage() {
    const space = await spaceOf(CREDENTIALS);
    const secret = new Secret(CREDENTIALS, ROTATED);
    const { getPage } = signalWireClient(secret.read, deadlineIn(60_000), { requests: 0, retries: 0 });
    const url = new URL(FIRST_REQUEST, space.url);
    await getPage(url);
    space.apiToken = ROTATED.apiToken;
    return { space, secret, getPage, url };
  }

  test('is final after one request and a second look at the secret, if the secret is unchanged', async () => {
    const space = await spaceOf(ROTATED);
    const secret = new Secret();
    const { error, usage } = await ask(space.url, { secret });
    expect(error?.name).toBe('SignalWireRejectedError');
    expect(error?.message).toContain('refused the request with 401 and said: Unauthorized');
    expect(space.requests).toHaveLength(1);
    expect(usage.requests).toBe(1);
    expect(secret.reads).toBe(2);
  });

  test.each([
    ['token', ROTATED],
    ['project', { ...CREDENTIALS, projectId: 'another project' }],
  ])(
    'is repeated if there is another %s in the secret by now, which all later pages use as well',
    async (_, fresh) => {
      const space = await spaceOf(fresh);
      const secret = new Secret(CREDENTIALS, fresh);
      const usage = { requests: 0, retries: 0 };
      const { getPage } = signalWireClient(secret.read, deadlineIn(60_000), usage);
      for (let pages = 0; pages < 3; pages += 1) {
        expect(plainPage(await getPage(new URL(FIRST_REQUEST, space.url)))).toEqual(READ);
      }
      expect(space.requests.map(({ headers }) => headers.authorization)).toEqual(
        [CREDENTIALS, fresh, fresh, fresh].map(basicAuthorization),
      );
      expect(usage.requests).toBe(4);
      expect(secret.reads).toBe(2);
    },
  );

  test('between two pages is repeated with the rotated token', async () => {
    const { space, getPage, url } = await rotatedAfterAPage();
    await getPage(url);
    expect(space.requests.map(({ headers }) => headers.authorization)).toEqual(
      [CREDENTIALS, CREDENTIALS, ROTATED].map(basicAuthorization),
    );
  });

  test('of many requests at once causes one reading of the secret, even if some are answered late', async () => {
    const { space, secret, getPage, url } = await rotatedAfterAPage();
    let refusals = 0;
    let firstIsRepeated = (): void => undefined;
    const repeated = new Promise<void>((resolve) => (firstIsRepeated = resolve));
    space.afterHandling = async (_, __, answer) => {
      if (answer.status === 200) firstIsRepeated();
      else if ((refusals += 1) > 8) await repeated;
      return false;
    };
    const pages = await Promise.all(Array.from({ length: 16 }, () => getPage(url)));
    expect(pages.map(plainPage)).toEqual(Array.from({ length: 16 }, () => READ));
    expect(refusals).toBe(16);
    expect(secret.reads).toBe(2);
  });

  test('that comes again with the rotated token is final', async () => {
    const { error, usage, requests } = await askFaulty(
      status(401, { 'content-type': 'application/json' }, `{"error":"${ROTATED.apiToken} is not known"}`),
      Infinity,
      { secret: new Secret(CREDENTIALS, ROTATED) },
    );
    expect(error?.name).toBe('SignalWireRejectedError');
    expect(error?.message).not.toContain(ROTATED.apiToken);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(
      [CREDENTIALS, ROTATED].map(basicAuthorization),
    );
    expect(usage.requests).toBe(2);
  });

  test('fails with the secret reader’s error if the secret can’t be read afterwards', async () => {
    const space = await spaceOf(ROTATED);
    let reads = 0;
    const read = (): Promise<Credentials> => {
      reads += 1;
      return reads === 1 ? Promise.resolve(CREDENTIALS) : Promise.reject(new Error('The secret is gone'));
    };
    const { getPage } = signalWireClient(read, deadlineIn(60_000), { requests: 0, retries: 0 });
    expect((await failureOf(getPage(new URL(FIRST_REQUEST, space.url)))).message).toBe('The secret is gone');
    expect(space.requests).toHaveLength(1);
  });

  test('does not occur with the right credentials: the secret is read once, however many pages there are', async () => {
    const space = await spaceOf(CREDENTIALS);
    const secret = new Secret();
    const { getPage } = signalWireClient(secret.read, deadlineIn(60_000), { requests: 0, retries: 0 });
    for (let pages = 0; pages < 3; pages += 1) await getPage(new URL(FIRST_REQUEST, space.url));
    expect(secret.reads).toBe(1);
  });
});
