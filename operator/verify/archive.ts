import { stat } from 'node:fs/promises';
import { ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { manifestKey } from '../../lambda/archive/layout.ts';
import type { ObjectStore } from '../../lambda/archive/object-store.ts';
import { S3Store } from '../../lambda/archive/s3-store.ts';
import { ArchiveError, describeError } from '../../lambda/errors.ts';
import { FolderStore } from '../folder/folder-store.ts';
import { requireAwsAccess } from '../aws-access.ts';
import { InvalidArgumentsError } from '../errors.ts';

/** An archive, as an audit reads it. */
export interface AuditedArchive {
  /** Where it is, for the record. */
  readonly address: string;
  readonly store: ObjectStore;
  /**
   * Lists the ids of all versions of an object, oldest first. Null if the store keeps no versions.
   *
   * @throws ArchiveError when called
   */
  readonly versionsOf: ((key: string) => Promise<string[]>) | null;
}

/** Longer than any request takes that is answered at all. */
const ONE_REQUEST = { remainingMs: () => 120_000 };

/** No object has this key: listing it only shows whether the bucket answers. */
const NO_MANIFEST = manifestKey('');

/**
 * The archive that the command line names.
 *
 * @throws InvalidArgumentsError if it names none, or a folder that does not exist; ArchiveError for a bucket
 */
export async function openArchive({
  bucket,
  folder,
}: {
  readonly bucket: string | undefined;
  readonly folder: string | undefined;
}): Promise<AuditedArchive> {
  if (bucket !== undefined) return bucketArchive(bucket);
  if (folder !== undefined) return folderArchive(folder);
  throw new InvalidArgumentsError('Which archive? Give --bucket or --folder.');
}

/**
 * The archive in a bucket. The AWS SDK finds region, credentials and endpoint by itself.
 *
 * @throws InvalidArgumentsError without region or credentials; ArchiveError if the bucket can't be reached: one error,
 *   instead of one per day
 */
async function bucketArchive(bucket: string): Promise<AuditedArchive> {
  // Endpoints other than Amazon's rarely have a host name for each bucket.
  const client = new S3Client({ forcePathStyle: process.env['AWS_ENDPOINT_URL_S3'] !== undefined });
  await requireAwsAccess(client);
  const store = new S3Store(client, bucket, ONE_REQUEST);
  await Array.fromAsync(store.list(NO_MANIFEST));
  return {
    address: store.locate(''),
    store,
    versionsOf: (key) => versionsInBucket(client, bucket, key),
  };
}

/**
 * The archive in a folder.
 *
 * @throws InvalidArgumentsError if there is no such folder
 */
async function folderArchive(folder: string): Promise<AuditedArchive> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true)
    throw new InvalidArgumentsError(`There is no folder ${folder}. Check --folder.`);
  const store = new FolderStore(folder);
  return { address: store.locate(''), store, versionsOf: null };
}

async function versionsInBucket(client: S3Client, bucket: string, key: string): Promise<string[]> {
  const ids: string[] = [];
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  try {
    for (;;) {
      const page = await client.send(
        new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, ...markers }),
      );
      for (const { Key, VersionId } of page.Versions ?? []) {
        if (Key === key && VersionId !== undefined) ids.push(VersionId);
      }
      const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = page;
      if (IsTruncated !== true || NextKeyMarker === undefined) break;
      markers = {
        KeyMarker: NextKeyMarker,
        ...(NextVersionIdMarker !== undefined && { VersionIdMarker: NextVersionIdMarker }),
      };
    }
  } catch (error) {
    const reason = describeError(error);
    throw new ArchiveError(
      `S3 refused to list the versions of s3://${bucket}/${key} (${reason}). You need s3:ListBucketVersions.`,
    );
  }
  // S3 lists the newest first.
  return ids.reverse();
}
