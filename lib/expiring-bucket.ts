import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface ExpiringBucketProps {
  /** After so many days whatever was put into it is gone. */
  readonly keepDays: number;
}

/**
 * A private bucket for what may be lost: it empties itself. A bucket that holds something can't be deleted, and the
 * deletion of the stack would stop there; so it is left behind.
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
