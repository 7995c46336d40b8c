import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Store } from '../../../lambda/archive/s3-store.ts';
import { FolderStore } from '../../../operator/folder/folder-store.ts';
import { openLoopbackBucket } from '../../local/own-bucket.ts';
import { NO_HURRY } from '../../support/deadlines.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { describeObjectStore, type OwnStore } from './object-store-contract.ts';
import { describeS3Store } from './s3-store-contract.ts';
import { describeS3Uploads } from './s3-upload-contract.ts';
import { describeUploads } from './upload-contract.ts';

const STORES: readonly [name: string, open: () => Promise<OwnStore>][] = [
  [
    'S3',
    async () => {
      const { client, bucket, close } = await openLoopbackBucket();
      return { store: new S3Store(client, bucket, NO_HURRY), close };
    },
  ],
  [
    'a folder',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'archive-'));
      return { store: new FolderStore(folder), close: () => rm(folder, { recursive: true }) };
    },
  ],
  ['memory', () => Promise.resolve({ store: new MemoryStore(), close: () => Promise.resolve() })],
];

for (const [name, open] of STORES) {
  describeObjectStore(name, open);
  describeUploads(name, open);
}

describeS3Store('the loopback S3', openLoopbackBucket);
describeS3Uploads('the loopback S3', openLoopbackBucket);
