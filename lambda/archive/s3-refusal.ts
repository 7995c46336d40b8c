import { ArchiveError, describeError } from '../errors.ts';

/** The address of an object or a prefix, in a form that people can use. */
export function s3Address(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}

/** The SDK's error names for a call that exceeds its own time limit, or the time that the run has left. */
const TIME_IS_UP = new Set(['AbortError', 'TimeoutError']);

/**
 * Wraps a failed S3 call as ArchiveError.
 *
 * @param verb what S3 was asked to do with the address
 * @param address of the object or the prefix, as `s3://…`
 */
export function refused(verb: string, address: string, error: unknown): ArchiveError {
  const reason = describeError(error);
  if (error instanceof Error && TIME_IS_UP.has(error.name)) {
    return new ArchiveError(
      `S3 did not answer in time when asked to ${verb} ${address} (${reason}). The next run tries again; if it ` +
        'persists, check https://health.aws.amazon.com.',
    );
  }
  return new ArchiveError(
    `S3 refused to ${verb} ${address} (${reason}). Check that the bucket exists and that the ` +
      "function's role and the bucket's policy allow it; the next run tries again.",
  );
}
