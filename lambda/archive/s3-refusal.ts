import { ArchiveError, describeError } from '../errors.ts';

/** The address of an object, or of a prefix, as a person may use it. */
export function s3Address(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}

/**
 * What a refused call is told as.
 *
 * @param address the object's or the prefix's, as `s3://…`
 */
export function refused(verb: string, address: string, error: unknown): ArchiveError {
  const reason = describeError(error);
  return new ArchiveError(
    `S3 did not let me ${verb} ${address} (${reason}). Check that the bucket exists and that the ` +
      "function's role and the bucket's policy allow it; the next run tries again.",
  );
}
