import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

/**
 * Denies everybody, whatever else allows it, to overwrite a file blindly: a PUT, or the completion of a multipart
 * upload, must carry If-None-Match or If-Match. The other requests of a multipart upload carry no condition; they are
 * recognised by `s3:ObjectCreationOperation`. This also refuses copies into these folders, which can't be conditional.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
export function denyUnconditionalWrites(bucket: Bucket, folders: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'DenyUnconditionalWrites',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: folders.map((folder) => bucket.arnForObjects(`${folder}/*`)),
    conditions: {
      Null: { 's3:if-none-match': 'true', 's3:if-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    },
  });
}
