import { expect, test } from '@jest/globals';
import { type Cloud, PROJECT_ID, SECRET_ID } from '../../../local/cloud.ts';
import type { AfterHandling } from '../../../local/loopback-server.ts';
import { sessionLog } from '../../support/logs.ts';
import { openMorning } from '../../support/morning.ts';
import { delivery, failure, type Outcome, watch } from './support/outcome.ts';

const OLD = 'PT-the-token-before';
const NEW = 'PT-the-token-after';
const OTHER = 'PT-another-one';
/** More logs than fit on a page. */
const LOGS = Array.from({ length: 1001 }, (_, index) => sessionLog(index, { charge: '0.01' }));
const CHARGE = '10.01';

interface Case {
  readonly expected: Outcome;
  /** What the secret holds when the run begins. */
  readonly secret: string;
  /** The token that SignalWire accepts. */
  readonly token: string;
  /** What happens after SignalWire has decided, but before it answers. */
  readonly then?: (cloud: Cloud, status: number) => void;
}

const REJECTED = {
  error: 'SignalWireRejectedError',
  says: /^SignalWire refused the request with 401 and said: Unauthorized\. Check the project id and the token in the secret/,
};

const CASES: readonly Case[] = [
  {
    expected: failure({ ...REJECTED, what: 'the secret is the same', tries: 1, secretReads: 2 }),
    secret: OLD,
    token: NEW,
  },
  {
    expected: delivery({
      what: 'the secret was rotated meanwhile',
      charge: CHARGE,
      tries: 3,
      pages: 3,
      secretReads: 2,
    }),
    secret: OLD,
    token: NEW,
    then: (cloud, status) => {
      if (status === 401) store(cloud, NEW);
    },
  },
  {
    expected: delivery({
      what: 'the secret was rotated between two pages',
      charge: CHARGE,
      tries: 3,
      pages: 3,
      secretReads: 2,
    }),
    secret: OLD,
    token: OLD,
    then: (cloud) => {
      store(cloud, NEW);
      cloud.signalWire.apiToken = NEW;
    },
  },
  {
    expected: failure({
      ...REJECTED,
      what: 'the secret was rotated to another wrong one',
      tries: 2,
      pages: 2,
      secretReads: 2,
    }),
    secret: OLD,
    token: NEW,
    then: (cloud) => {
      store(cloud, OTHER);
    },
  },
  {
    expected: failure({
      what: 'the secret has gone meanwhile',
      error: 'SecretError',
      says: new RegExp(`^The secret ${SECRET_ID} can't be read .*aws secretsmanager put-secret-value`),
      tries: 1,
      secretReads: 2,
    }),
    secret: OLD,
    token: NEW,
    then: ({ secretsManager }) => {
      secretsManager.delete(SECRET_ID);
    },
  },
];

test('a token that SignalWire does not accept is read again, and used if it has changed', async () => {
  const outcomes = await Promise.all(
    CASES.map(async ({ expected, secret, token, then }) => {
      const morning = await openMorning({ logs: LOGS });
      store(morning.cloud, secret);
      morning.cloud.signalWire.apiToken = token;
      const hook: AfterHandling = (_request, _response, { status }) => {
        then?.(morning.cloud, status);
        return false;
      };
      morning.cloud.signalWire.afterHandling = hook;
      const basics = [OLD, NEW, OTHER].map((each) => Buffer.from(`${PROJECT_ID}:${each}`).toString('base64'));
      const outcome = watch(morning, [OLD, NEW, OTHER, ...basics]);
      return outcome(expected.what, await morning.invoke());
    }),
  );

  expect(outcomes).toEqual(CASES.map(({ expected }) => expected));
});

function store({ secretsManager }: Cloud, token: string): void {
  secretsManager.set(SECRET_ID, JSON.stringify({ project_id: PROJECT_ID, api_token: token }));
}
