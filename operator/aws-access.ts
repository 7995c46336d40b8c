import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { messageOf } from '../lambda/errors.ts';
import { InvalidArgumentsError } from './errors.ts';

/**
 * Checks that the AWS SDK finds a region and credentials on this machine: what it says without them is of no help.
 *
 * @throws InvalidArgumentsError
 */
export async function requireAwsAccess({ config }: LambdaClient | S3Client | SFNClient): Promise<void> {
  try {
    await config.region();
  } catch {
    throw new InvalidArgumentsError(
      'No AWS region is set. Set AWS_REGION, or AWS_PROFILE to a profile with a region.',
    );
  }
  try {
    await config.credentials();
  } catch (error) {
    throw new InvalidArgumentsError(
      `No AWS credentials were found (${messageOf(error)}). Set AWS_PROFILE, or sign in: aws sso login`,
    );
  }
}
