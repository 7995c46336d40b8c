import { ArchiveError, describeError } from '../errors.ts';

/** The address of an object, or of a prefix, as a person may use it. */
export function s3Address(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}

/** What the SDK calls it where a call takes longer than it may, or than the run has time. */
const TIME_IS_UP = new Set(['AbortError', 'TimeoutError']);

/**
 * What a refused call is told as.
 *
 * @param address the object's or the prefix's, as `s3://…`
 */
export function refused(verb: string, address: string, error: unknown): ArchiveError {
  const reason = describeError(error);
  if (error instanceof Error && TIME_IS_UP.has(error.name)) {
    return new ArchiveError(
      `S3 did not answer in time when asked to ${verb} ${address} (${reason}). The next run tries again; if it lasts, ` +
        'look at https://health.aws.amazon.com.',
    );
  }
  return new ArchiveError(
    `S3 did not let me ${verb} ${address} (${reason}). Check that the bucket exists and that the ` +
      "function's role and the bucket's policy allow it; the next run tries again.",
  );
}
