import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface QueryWorkgroupProps {
  readonly workgroupName: string;
}

/**
 * Where queries run, with a bucket of its own for what they answer: Athena writes every result to S3, and the archive
 * is no place for them.
 */
export class QueryWorkgroup extends Construct {
  /** Its name, for what runs in it. */
  readonly name: string;

  constructor(scope: Construct, id: string, { workgroupName }: QueryWorkgroupProps) {
    super(scope, id);
    const results = new Bucket(this, 'Results', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // A result can be had again by asking again.
      lifecycleRules: [
        { expiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      // A bucket that holds something can't be deleted, and the deletion of the stack would stop there. Left behind,
      // it empties itself.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const workgroup = new CfnWorkGroup(this, 'Resource', {
      name: workgroupName,
      description: 'Queries over the archive of SignalWire video costs',
      // Saved queries and the history of those that ran would keep it from being deleted.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        // Results go where this says, whatever a client asks for.
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: false,
        resultConfiguration: {
          outputLocation: results.s3UrlForObject('/'),
          expectedBucketOwner: Stack.of(this).account,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
    this.name = workgroup.ref;
  }
}
