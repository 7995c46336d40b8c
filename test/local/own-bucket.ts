import { S3Client } from '@aws-sdk/client-s3';
import { BUCKET, IDENTITY } from '../../local/cloud.ts';
import { type S3Server, startS3Server } from '../../local/s3-server.ts';

/** A bucket for a single test, empty at first. */
export interface OwnBucket {
  readonly client: S3Client;
  readonly bucket: string;
  readonly close: () => Promise<void>;
}

/** A versioned bucket of the loopback S3, and its server. */
export async function openLoopbackBucket(): Promise<OwnBucket & { readonly server: S3Server }> {
  const server = await startS3Server({ ...IDENTITY, buckets: [BUCKET] });
  const client = new S3Client({ ...IDENTITY, endpoint: server.url, forcePathStyle: true });
  return {
    server,
    client,
    bucket: BUCKET,
    close: () => {
      client.destroy();
      return server.close();
    },
  };
}
