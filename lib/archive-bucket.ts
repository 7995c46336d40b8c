import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  ObjectOwnership,
  StorageClass,
  TransitionDefaultMinimumObjectSize,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { denyUnconditionalWrites } from './conditional-writes.ts';
import type { ObjectLock } from './daily-cost-report-props.ts';

/** The folders of the archive. */
export const ARCHIVE_FOLDERS = ['room-charges', 'line-items', 'manifests', 'emails'] as const;

export interface ArchiveBucketProps {
  /** The number of days after which a replaced version moves to colder storage. */
  readonly coldStorageAfterDays: number;

  /**
   * Whether versions are locked against deletion. A locked bucket can't be unlocked.
   *
   * @default - whoever has the permission can delete versions
   */
  readonly objectLock?: ObjectLock | undefined;

  /**
   * The key with which the files are encrypted.
   *
   * @default - S3 encrypts with its own keys
   */
  readonly key?: IKey | undefined;
}

/**
 * The bucket in which the reports are kept: private and encrypted, with every version of a file. It outlives the stack,
 * as accounting documents must, and nothing in it ever expires.
 */
export class ArchiveBucket extends Bucket {
  constructor(scope: Construct, id: string, { coldStorageAfterDays, objectLock, key }: ArchiveBucketProps) {
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      ...(key === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : // One request to KMS for many files, instead of one for each.
          { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }),
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        {
          id: 'old-versions-to-colder-storage',
          noncurrentVersionTransitions: [
            {
              // Not the cheapest class, but the cheapest that can be read immediately: the archive may have to go back
              // to a version that its manifest names, and can't wait hours for it.
              storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL,
              transitionAfter: Duration.days(coldStorageAfterDays),
            },
          ],
        },
        { id: 'no-half-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      // Colder storage charges for at least 128 KB per object, and for each move. Smaller files, as on most days, stay
      // where they are.
      transitionDefaultMinimumObjectSize: TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K,
      ...(objectLock !== undefined && { objectLockEnabled: true }),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.addToResourcePolicy(denyUnconditionalWrites(this, ARCHIVE_FOLDERS));
    if (objectLock !== undefined) this.#lock(objectLock);
  }

  /**
   * The bucket locks whatever is put into it, so the function needs neither a header nor a permission for that. S3 only
   * requires a checksum with each such upload, which the SDK sends anyway.
   */
  #lock({ mode, years }: ObjectLock): void {
    // In years, as the law counts them; the construct's own property would convert them to days and lose the leap days.
    (this.node.defaultChild as CfnBucket).objectLockConfiguration = {
      objectLockEnabled: 'Enabled',
      rule: { defaultRetention: { mode: mode.toUpperCase(), years } },
    };
  }
}
