import { describe, expect, test } from '@jest/globals';
import { archiveOf, arn, named, resourcePolicyOf, resources, synthesized, tlsOnly } from './synthesized.ts';

describe('the bucket of the access logs', () => {
  const template = synthesized();
  const logs = named(template, 'AWS::S3::Bucket', 'AccessLogs');

  test.each([
    ['the archive', 'Archive', 'archive'],
    ['the results of queries', 'AnalyticsWorkgroupResults', 'query-results'],
  ])('accepts only S3’s logs of %s', (_, id, folder) => {
    const bucket = named(template, 'AWS::S3::Bucket', id);
    expect(resourcePolicyOf(template, logs)).toContainEqual({
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: { 'Fn::Join': ['', [arn(logs), `/${folder}/*`]] },
      Condition: {
        ArnLike: { 'aws:SourceArn': arn(bucket) },
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
      },
    });
  });

  test('accepts only TLS 1.2 or later', () => {
    expect(resourcePolicyOf(template, logs)).toEqual(expect.arrayContaining(tlsOnly(logs)));
  });

  test('deletes them after a year', () => {
    expect(logs.Properties['LifecycleConfiguration']).toMatchObject({ Rules: [{ ExpirationInDays: 365 }] });
  });

  test('is never locked, since S3 delivers no logs into a locked bucket', () => {
    const locked = synthesized({ objectLock: { mode: 'compliance', years: 7 } });
    expect(archiveOf(locked).Properties).toHaveProperty('LoggingConfiguration');
    const others = resources(locked, 'AWS::S3::Bucket').filter(({ id }) => id !== archiveOf(locked).id);
    expect(others.filter(({ Properties }) => 'ObjectLockEnabled' in Properties)).toEqual([]);
  });
});
