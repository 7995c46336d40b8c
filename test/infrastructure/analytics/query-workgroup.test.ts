import { describe, expect, test } from '@jest/globals';
import { named, ref, resourcePolicyOf, resources, synthesized, theOnly, tlsOnly } from '../synthesized.ts';

const template = synthesized();
const workgroup = theOnly(template, 'AWS::Athena::WorkGroup');
const results = named(template, 'AWS::S3::Bucket', 'AnalyticsWorkgroupResults');

describe('the workgroup', () => {
  test('puts results, encrypted, into their own bucket, whatever a client requests', () => {
    expect(workgroup.Properties).toMatchObject({
      Name: 'video-cost-report',
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
        ResultConfiguration: {
          OutputLocation: { 'Fn::Join': ['', ['s3://', ref(results), '/']] },
          ExpectedBucketOwner: { Ref: 'AWS::AccountId' },
          EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
        },
      },
    });
  });

  test('is deleted with the stack, including queries and history', () => {
    expect(workgroup.Properties).toMatchObject({ RecursiveDeleteOption: true });
  });
});

describe('the bucket of the results', () => {
  test('deletes them after 30 days', () => {
    expect(results.Properties['LifecycleConfiguration']).toEqual({
      Rules: [
        {
          Status: 'Enabled',
          ExpirationInDays: 30,
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
      ],
    });
  });

  test('is encrypted and not public', () => {
    expect(results.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  test('accepts only TLS', () => {
    expect(resourcePolicyOf(template, results)).toEqual(tlsOnly(results));
  });

  test('does not prevent the stack from being deleted', () => {
    expect(results).toMatchObject({ DeletionPolicy: 'Retain' });
  });
});

test('the saved queries run in the workgroup, over the database', () => {
  const queries = resources(template, 'AWS::Athena::NamedQuery').map(({ Properties }) => Properties);
  expect(queries.map(({ Name, WorkGroup, Database }) => ({ Name, WorkGroup, Database }))).toEqual(
    [
      'Cost by room and month',
      'Month to date',
      'The dearest sessions',
      'Restatements',
      'Days missing',
      'Days that do not add up',
    ].map((Name) => ({
      Name,
      WorkGroup: ref(workgroup),
      Database: ref(theOnly(template, 'AWS::Glue::Database')),
    })),
  );
});
