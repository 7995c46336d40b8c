import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { authority, type Certificate, certificate } from '../../support/certificates.ts';
import { freePort } from '../../support/free-port.ts';
import { sessionLog } from '../../support/logs.ts';
import { delivery, failure } from './support/outcome.ts';
import { apart, type Case, expectedOf } from './support/runs.ts';
import { startTlsFront, type TlsFront } from '../../support/tls-front.ts';

const CHARGE = '1.25';
const MORNING = { logs: [sessionLog(1, { charge: CHARGE })] };
const RESOLVER = new URL('./support/failing-resolver.mjs', import.meta.url);

/** A space that can't be reached, from the first try to the last. */
function unreachable(what: string, says: string, environment: Record<string, string>): Case {
  const expected = failure({
    what,
    error: 'SignalWireUnavailableError',
    says: new RegExp(`^SignalWire is not available: ${says}.*Nothing was stored or mailed for the day`),
    tries: 5,
    arrived: 0,
  });
  return { expected, environment: () => environment };
}

/** A space whose name is not found at the first try. */
function reachedAtLast(what: string, firstLookUp: string): Case {
  return {
    expected: delivery({ what, charge: CHARGE, tries: 2, arrived: 1 }),
    environment: ({ signalWire }) => ({
      SIGNALWIRE_SPACE_URL: signalWire.url.replace('127.0.0.1', 'localhost'),
      NODE_OPTIONS: `--import=${RESOLVER.href}?first=${firstLookUp}`,
    }),
  };
}

const fronts: TlsFront[] = [];
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'authority-'));
});

afterEach(async () => {
  for (const front of fronts.splice(0)) await front.close();
  await rm(directory, { recursive: true });
});

/** HTTPS on loopback, in front of nothing or of a space. */
async function front(presented: Certificate, backend = 'http://127.0.0.1:9'): Promise<TlsFront> {
  const started = await startTlsFront(presented, backend);
  fronts.push(started);
  return started;
}

/** Spaces whose certificates can't be trusted, and finally one whose can, or the others would prove nothing. */
async function certified(): Promise<Case[]> {
  const ours = await authority('ours');
  const trusted = join(directory, 'authority.pem');
  await writeFile(trusted, ours.cert);
  const theirs = await authority('theirs');
  const bad = [
    ['nobody’s', await certificate(), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['an expired one', await certificate({ by: ours, expiredDaysAgo: 2 }), 'CERT_HAS_EXPIRED'],
    ['another host’s', await certificate({ by: ours, ip: '127.0.0.9' }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['an unknown authority’s', await certificate({ by: theirs }), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const;
  const good = await certificate({ by: ours });
  return [
    ...(await Promise.all(
      bad.map(async ([whose, presented, code]) =>
        unreachable(
          `certificate: ${whose}`,
          `its certificate can't be trusted \\(${code}\\)\\. Check SIGNALWIRE_SPACE_URL`,
          { SIGNALWIRE_SPACE_URL: (await front(presented)).url, NODE_EXTRA_CA_CERTS: trusted },
        ),
      ),
    )),
    {
      expected: delivery({ what: 'a good certificate', charge: CHARGE, tries: 1 }),
      environment: async ({ signalWire }) => ({
        SIGNALWIRE_SPACE_URL: (await front(good, signalWire.url)).url,
        NODE_EXTRA_CA_CERTS: trusted,
      }),
    },
  ];
}

test('a server that can’t be found, reached or trusted is tried five times, and receives nothing', async () => {
  const cases = [
    unreachable('nobody listens', 'the connection failed \\(ECONNREFUSED\\)', {
      SIGNALWIRE_SPACE_URL: `http://127.0.0.1:${await freePort()}`,
    }),
    // A label of 64 letters can't be a name: no resolver is asked, whatever network the machine is in.
    unreachable(
      'no such name',
      'there is no such host \\(ENOTFOUND\\)\\. Check SIGNALWIRE_SPACE_URL, and that the function can reach',
      { SIGNALWIRE_SPACE_URL: `https://${'a'.repeat(64)}.signalwire.com` },
    ),
    ...(await certified()),
    reachedAtLast('the resolver does not answer at first', 'EAI_AGAIN'),
    reachedAtLast('the name leads to where nobody listens at first', '::1'),
  ];

  expect(await apart(cases, MORNING)).toEqual(expectedOf(cases));
  expect(fronts.map(({ received }) => received() > 0)).toEqual([false, false, false, false, true]);
});
