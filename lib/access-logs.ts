import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ExpiringBucket } from './expiring-bucket.ts';

/** A bucket with the access logs of the other buckets (who read or wrote what), kept for a year. */
export class AccessLogs extends Construct {
  readonly #bucket: ExpiringBucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // S3 delivers no logs into a bucket with Object Lock, so they can't go into the archive itself.
    this.#bucket = new ExpiringBucket(this, 'Bucket', { keepDays: 365 });
    Validations.of(this.#bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It holds the access logs of the other buckets; logging its own access would never end.',
    });
  }

  /** Has S3 log the access to a bucket, under `<name>/`. */
  record(bucket: Bucket, name: string): void {
    const prefix = `${name}/`;
    // Not with the construct's own property: depending on the app's feature flags, that would let the logs in by an
    // access control list, which this bucket does not support.
    (bucket.node.defaultChild as CfnBucket).loggingConfiguration = {
      destinationBucketName: this.#bucket.bucketName,
      logFilePrefix: prefix,
    };
    this.#bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.#bucket.arnForObjects(`${prefix}*`)],
        conditions: {
          ArnLike: { 'aws:SourceArn': bucket.bucketArn },
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
        },
      }),
    );
  }
}
