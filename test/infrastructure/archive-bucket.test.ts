import { describe, expect, test } from '@jest/globals';
import { archiveOf, arn, ref, resources, synthesized } from './synthesized.ts';

describe('the archive bucket', () => {
  const template = synthesized();
  const bucket = archiveOf(template);

  test('is open to nobody', () => {
    expect(bucket.Properties['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
  });

  test('belongs to its owner with everything in it', () => {
    expect(bucket.Properties['OwnershipControls']).toEqual({
      Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }],
    });
  });

  test('is encrypted', () => {
    expect(bucket.Properties['BucketEncryption']).toEqual({
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    });
  });

  test('keeps every version', () => {
    expect(bucket.Properties['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
  });

  test('is spoken to over TLS only', () => {
    const policies = resources(template, 'AWS::S3::BucketPolicy').map(({ Properties }) => Properties);
    expect(policies).toContainEqual({
      Bucket: ref(bucket),
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Resource: [arn(bucket), { 'Fn::Join': ['', [arn(bucket), '/*']] }],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });

  test('outlives the stack', () => {
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('never lets anything expire: old versions move to colder storage, unfinished uploads go', () => {
    expect(bucket.Properties['LifecycleConfiguration']).toEqual({
      Rules: [
        {
          Id: 'old-versions-to-colder-storage',
          Status: 'Enabled',
          NoncurrentVersionTransitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 90 }],
        },
        {
          Id: 'no-half-uploads',
          Status: 'Enabled',
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
      ],
      TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
    });
  });

  test('moves old versions when the settings say', () => {
    const { Properties } = archiveOf(synthesized({ coldStorageAfterDays: 400 }));
    expect(Properties['LifecycleConfiguration']).toMatchObject({
      Rules: expect.arrayContaining([
        expect.objectContaining({
          NoncurrentVersionTransitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 400 }],
        }),
      ]),
    });
  });

  test('locks nothing unless told to', () => {
    expect(bucket.Properties).not.toHaveProperty('ObjectLockEnabled');
    expect(bucket.Properties).not.toHaveProperty('ObjectLockConfiguration');
  });

  test.each([
    ['governance', 'GOVERNANCE', 1],
    ['compliance', 'COMPLIANCE', 10],
  ])('locks every version in %s mode', (mode, Mode, years) => {
    const { Properties } = archiveOf(synthesized({ objectLock: { mode, years } }));
    expect(Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode, Years: years } },
      },
      VersioningConfiguration: { Status: 'Enabled' },
    });
  });
});
