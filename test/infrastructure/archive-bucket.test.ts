import { describe, expect, test } from '@jest/globals';
import { archiveOf, arn, named, ref, resourcePolicyOf, synthesized, tlsOnly } from './synthesized.ts';

describe('the archive bucket', () => {
  const template = synthesized();
  const bucket = archiveOf(template);

  test('is not public', () => {
    expect(bucket.Properties['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
  });

  test('belongs to its owner, with everything in it', () => {
    expect(bucket.Properties['OwnershipControls']).toEqual({
      Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }],
    });
  });

  test('is encrypted', () => {
    expect(bucket.Properties['BucketEncryption']).toEqual({
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    });
  });

  test('is encrypted with your own key if one is set, with one request to KMS for many files', () => {
    const archiveKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    expect(archiveOf(synthesized({ archiveKeyArn })).Properties['BucketEncryption']).toEqual({
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: archiveKeyArn },
        },
      ],
    });
  });

  test('keeps every version', () => {
    expect(bucket.Properties['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
  });

  test('accepts only TLS 1.2 or later', () => {
    expect(resourcePolicyOf(template, bucket)).toEqual(expect.arrayContaining(tlsOnly(bucket)));
  });

  test('lets nobody overwrite a file blindly', () => {
    const folder = (name: string): unknown => ({ 'Fn::Join': ['', [arn(bucket), `/${name}/*`]] });
    expect(resourcePolicyOf(template, bucket)).toContainEqual({
      Sid: 'DenyUnconditionalWrites',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:PutObject',
      Resource: [folder('room-charges'), folder('line-items'), folder('manifests'), folder('emails')],
      Condition: {
        Null: { 's3:if-none-match': 'true', 's3:if-match': 'true' },
        Bool: { 's3:ObjectCreationOperation': 'true' },
      },
    });
  });

  test('has its access logged', () => {
    const logs = named(template, 'AWS::S3::Bucket', 'AccessLogs');
    expect(bucket.Properties['LoggingConfiguration']).toEqual({
      DestinationBucketName: ref(logs),
      LogFilePrefix: 'archive/',
    });
  });

  // A different id would be a different bucket: after an upgrade, the archive would be empty.
  test('outlives the stack, and every upgrade', () => {
    expect(bucket.id).toBe('ArchiveDA4CB258');
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('lets nothing expire: old versions move to colder storage, and only unfinished uploads are removed', () => {
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

  test('moves old versions after the number of days in the settings', () => {
    const { Properties } = archiveOf(synthesized({ coldStorageAfterDays: 400 }));
    expect(Properties['LifecycleConfiguration']).toMatchObject({
      Rules: expect.arrayContaining([
        expect.objectContaining({
          NoncurrentVersionTransitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 400 }],
        }),
      ]),
    });
  });

  test('locks nothing by default', () => {
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
