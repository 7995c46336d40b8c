import { expect, test } from '@jest/globals';
import { S3Store } from '../../../lambda/archive/s3-store.ts';
import { openLoopbackBucket } from '../../local/own-bucket.ts';
import { NO_HURRY } from '../../support/deadlines.ts';
import { archive, DAY, describeArchive } from './archive-contract.ts';

describeArchive('the loopback S3', openLoopbackBucket);

test('archiving a day writes the files first and the manifest last, each only if its key is free', async () => {
  const { server, client, bucket, close } = await openLoopbackBucket();
  await archive(new S3Store(client, bucket, NO_HURRY), '0.10');
  const puts = server.requests.filter(({ method }) => method === 'PUT');
  const writes = puts.map(({ method, url, headers }) => [
    method,
    new URL(url, server.url).pathname,
    headers['if-none-match'],
  ]);
  expect(writes).toEqual([
    ['PUT', `/${bucket}/room-charges/day%3D${DAY}/room-charges.csv`, '*'],
    ['PUT', `/${bucket}/line-items/day%3D${DAY}/line-items.csv`, '*'],
    ['PUT', `/${bucket}/manifests/day%3D${DAY}.json`, '*'],
  ]);
  await close();
});
