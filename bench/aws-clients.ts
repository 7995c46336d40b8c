// The bundle's cold start is compared with this: only the AWS clients that no such job can do without.
import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendRawEmailCommand, SESClient } from '@aws-sdk/client-ses';

export const s3 = new S3Client({});
export const ses = new SESClient({});
export const calls = [GetObjectCommand, paginateListObjectsV2, PutObjectCommand, SendRawEmailCommand];
