import { Stack } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Construct } from 'constructs';
import type { AccessLogs } from '../access-logs.ts';
import { ExpiringBucket } from '../expiring-bucket.ts';

export interface QueryWorkgroupProps {
  readonly workgroupName: string;
  readonly accessLogs: AccessLogs;
}

/**
 * The workgroup in which queries run, with a bucket of its own for their results: Athena writes every result to S3, and
 * the archive is no place for them.
 */
export class QueryWorkgroup extends Construct {
  /** Its name, for queries that run in it. */
  readonly name: string;

  constructor(scope: Construct, id: string, { workgroupName, accessLogs }: QueryWorkgroupProps) {
    super(scope, id);
    // A lost result is no loss: the query can run again.
    const results = new ExpiringBucket(this, 'Results', { keepDays: 30 });
    accessLogs.record(results, 'query-results');
    const workgroup = new CfnWorkGroup(this, 'Resource', {
      name: workgroupName,
      description: 'Queries over the archive of SignalWire video costs',
      // Without this, saved queries and the query history would prevent its deletion.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        // Results go to the bucket below, whatever a client requests.
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
