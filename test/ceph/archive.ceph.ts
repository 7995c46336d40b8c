import { S3Store } from '../../lambda/archive/s3-store.ts';
import { describeArchive } from '../lambda/archive/archive-contract.ts';
import { describeObjectStore, type OwnStore } from '../lambda/archive/object-store-contract.ts';
import { describeS3Store } from '../lambda/archive/s3-store-contract.ts';
import { describeS3Uploads } from '../lambda/archive/s3-upload-contract.ts';
import { describeUploads } from '../lambda/archive/upload-contract.ts';
import { describeS3Contract } from '../local/s3-contract.ts';
import { NO_HURRY } from '../support/deadlines.ts';
import { type BucketKind, connectToCeph, openCephBucket } from './ceph-buckets.ts';

async function openStore(kind: BucketKind): Promise<OwnStore> {
  const { client, bucket, close } = await openCephBucket(kind);
  return { store: new S3Store(client, bucket, NO_HURRY), close };
}

describeS3Contract('Ceph', connectToCeph);

describeObjectStore('Ceph without versions', () => openStore({ versioned: false }));
describeObjectStore('Ceph with versions, in single file,', () => openStore({ inSingleFile: true }));
describeS3Store('Ceph', () => openCephBucket());

describeUploads('Ceph without versions', () => openStore({ versioned: false }));
describeUploads('Ceph with versions, in single file,', () => openStore({ inSingleFile: true }));
describeS3Uploads('Ceph', () => openCephBucket());

describeArchive('Ceph, in single file', () => openCephBucket({ inSingleFile: true }));
