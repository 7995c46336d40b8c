import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface ExpiringBucketProps {
  /** The number of days after which objects are deleted. */
  readonly keepDays: number;
}

/**
 * A private bucket for objects that may be lost: it empties itself. When the stack is deleted, the bucket is left
 * behind, since a bucket that is not empty can't be deleted and would make that fail.
 */
export class ExpiringBucket extends Bucket {
  constructor(scope: Construct, id: string, { keepDays }: ExpiringBucketProps) {
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [
        { expiration: Duration.days(keepDays), abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
