import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import pMap from 'p-map';
import { authority, certificate } from '../../support/certificates.ts';
import { sessionLog } from '../../support/logs.ts';
import { openMorning } from '../../support/morning.ts';
import { delivery, failure, watch } from './support/outcome.ts';
import { startTlsFront } from './support/tls-front.ts';

test('only a server with a good certificate is told the token', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'authority-'));
  const trusted = join(directory, 'authority.pem');
  const ours = await authority('ours');
  await writeFile(trusted, ours.cert);
  const bad = [
    ['vouched for by nobody', await certificate(), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', await certificate({ by: ours, expiredDaysAgo: 2 }), 'CERT_HAS_EXPIRED'],
    ["another host's", await certificate({ by: ours, ip: '127.0.0.9' }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ["an unknown authority's", await certificate({ by: await authority('theirs') }), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const;
  const good = ['good', await certificate({ by: ours }), ''] as const;

  const outcomes = await pMap([...bad, good], async ([what, presented]) => {
    const behind = await openMorning({ logs: [sessionLog(1, { charge: '1.25' })] });
    const front = await startTlsFront(presented, behind.cloud.signalWire.url);
    const outcome = watch(behind);
    const container = await behind.another(undefined, {
      SIGNALWIRE_SPACE_URL: front.url,
      NODE_EXTRA_CA_CERTS: trusted,
    });
    const seen = await outcome(what, await container.invoke({}));
    await Promise.all([front.close(), behind.end()]);
    return { ...seen, told: front.received() > 0 };
  });
  await rm(directory, { recursive: true });

  expect(outcomes).toEqual([
    ...bad.map(([what, , code]) => ({
      ...failure({
        what,
        error: 'SignalWireUnavailableError',
        says: new RegExp(`certificate can't be trusted \\(${code}\\).*Check SIGNALWIRE_SPACE_URL.*proxy`),
        tries: 5,
        arrived: 0,
      }),
      told: false,
    })),
    { ...delivery({ what: 'good', charge: '1.25', tries: 1 }), told: true },
  ]);
});
