import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import type { OwnBucket } from '../local/own-bucket.ts';
import type { S3Endpoint } from '../local/s3-contract.ts';

// The Ceph that `scripts/with-ceph.sh` has started.
const CEPH = {
  endpoint: setting('ARCHIVE_S3_ENDPOINT'),
  region: setting('ARCHIVE_S3_REGION'),
  credentials: {
    accessKeyId: setting('ARCHIVE_S3_ACCESS_KEY_ID'),
    secretAccessKey: setting('ARCHIVE_S3_SECRET_ACCESS_KEY'),
  },
} as const;
const BUCKET = setting('ARCHIVE_S3_BUCKET');

export interface BucketKind {
  /** @default true */
  readonly versioned?: boolean;
  /**
   * Whether each request waits for the answer to the one before.
   *
   * In a versioned bucket, Ceph checks the condition and writes in two separate steps: of eight concurrent writers, all
   * eight win, while S3 lets only one win. So conditions and versions work together only if requests come one by one.
   * That conditions withstand a race is tested in the bucket without versions.
   *
   * @default false
   */
  readonly inSingleFile?: boolean;
}

/** Creates a bucket in Ceph. It disappears when Ceph is stopped. */
export async function openCephBucket({
  versioned = true,
  inSingleFile = false,
}: BucketKind = {}): Promise<OwnBucket> {
  const client = new S3Client({
    ...CEPH,
    forcePathStyle: true,
    requestHandler: {
      httpAgent: new Agent({ keepAlive: true, maxSockets: inSingleFile ? 1 : 50 }),
      // Requests are meant to wait for the only socket.
      ...(inSingleFile && { socketAcquisitionWarningTimeout: 60_000 }),
    },
  });
  const bucket = `${BUCKET}-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  if (versioned) {
    await client.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    );
  }
  return {
    client,
    bucket,
    close: () => {
      client.destroy();
      return Promise.resolve();
    },
  };
}

/** Buckets for testing the contract of an S3: one with versions, and one to race in. */
export async function connectToCeph(): Promise<S3Endpoint> {
  const race = await openCephBucket({ versioned: false });
  return {
    ...CEPH,
    bucket: BUCKET,
    raceBucket: race.bucket,
    close: () => race.close(),
  };
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: scripts/with-ceph.sh sets it`);
  return value;
}
