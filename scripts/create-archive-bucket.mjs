// Creates the versioned bucket that the ARCHIVE_S3_… variables name.
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';

const {
  ARCHIVE_S3_ENDPOINT: endpoint,
  ARCHIVE_S3_REGION: region,
  ARCHIVE_S3_BUCKET: Bucket,
  ARCHIVE_S3_ACCESS_KEY_ID: accessKeyId,
  ARCHIVE_S3_SECRET_ACCESS_KEY: secretAccessKey,
} = process.env;

const client = new S3Client({
  endpoint,
  region,
  credentials: { accessKeyId, secretAccessKey },
  forcePathStyle: true,
});
await client.send(new CreateBucketCommand({ Bucket }));
await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
