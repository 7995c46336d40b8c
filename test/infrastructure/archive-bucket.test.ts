import { describe, expect, test } from '@jest/globals';
import { archiveOf, arn, named, ref, resourcePolicyOf, synthesized, tlsOnly } from './synthesized.ts';

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

  test('is encrypted with a key of your own, where one is set, and asks KMS once for many files', () => {
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

  test('is spoken to over TLS 1.2 only', () => {
    expect(resourcePolicyOf(template, bucket)).toEqual(expect.arrayContaining(tlsOnly(bucket)));
  });

  test('lets nobody write over a file unseen', () => {
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

  test('has the access to it logged', () => {
    const logs = named(template, 'AWS::S3::Bucket', 'AccessLogs');
    expect(bucket.Properties['LoggingConfiguration']).toEqual({
      DestinationBucketName: ref(logs),
      LogFilePrefix: 'archive/',
    });
  });

  // Another id would be another bucket: an upgrade would go on with an empty archive.
  test('outlives the stack, and every upgrade', () => {
    expect(bucket.id).toBe('ArchiveDA4CB258');
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
