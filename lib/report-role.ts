import { type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { splitMailbox } from '../lambda/environment.ts';
import { ARCHIVE_FOLDERS } from './archive-bucket.ts';
import { identitiesOf } from './email/identities.ts';

export interface ReportRoleProps {
  readonly archive: Bucket;
  readonly logGroup: ILogGroup;
  /** ARN or ARN patterns of the secret. */
  readonly secretArns: readonly string[];
  /** The queue to which Lambda sends the events of failed runs, with the function's role. */
  readonly failedRuns: IQueue;
  /** The sender, with or without a display name. */
  readonly emailFrom: string;
  readonly emailTo: readonly string[];
  /**
   * The configuration set to send with.
   *
   * @default - the mail is sent without one
   */
  readonly sesConfigurationSet?: string | undefined;
  /**
   * The KMS key of the archive.
   *
   * @default - S3 encrypts with its own keys
   */
  readonly archiveKey?: IKey | undefined;
  /**
   * ARN of the secret's KMS key.
   *
   * @default - the key of Secrets Manager, which needs no permission
   */
  readonly secretKeyArn?: string | undefined;
}

/**
 * Allows exactly what the function needs. The actions are listed one by one: the grant methods of the constructs would
 * allow more, such as changing an object's retention.
 */
export class ReportRole extends Role {
  constructor(scope: Construct, id: string, props: ReportRoleProps) {
    super(scope, id, {
      description: 'What the SignalWire video cost report may do',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const statements = [
      keepReports(props),
      tellMissingReports(props),
      readSecret(props),
      ...sendMail(Stack.of(this), props),
      writeLog(props),
      handOverFailedRuns(props),
      ...useArchiveKey(Stack.of(this), props),
      ...useSecretKey(Stack.of(this), props),
    ];
    for (const statement of statements) this.addToPolicy(statement);
    this.#acknowledgeFolders(props);
  }

  #acknowledgeFolders({ archive }: ReportRoleProps): void {
    const bucket = Stack.of(this).getLogicalId(archive.node.defaultChild as CfnElement);
    Validations.of(this).acknowledge(
      ...ARCHIVE_FOLDERS.map((folder) => ({
        id: `AwsSolutions-IAM5[Resource::<${bucket}.Arn>/${folder}/*]`,
        reason: 'Every day has its own files in this folder, with names that are only known on that day.',
      })),
    );
  }
}

/** Multipart uploads need only s3:PutObject, like other writes; aborting them has its own permission. */
function keepReports({ archive }: ReportRoleProps): PolicyStatement {
  return new PolicyStatement({
    sid: 'KeepReports',
    actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:AbortMultipartUpload'],
    resources: ARCHIVE_FOLDERS.map((folder) => archive.arnForObjects(`${folder}/*`)),
  });
}

/**
 * For a missing key, S3 answers 404 only to those who may list the bucket, and 403 to all others. There is no condition
 * on the prefix, since that exists only in listings: a GET would not match it and would be answered with 403 again.
 */
function tellMissingReports({ archive }: ReportRoleProps): PolicyStatement {
  return new PolicyStatement({
    sid: 'TellMissingReports',
    actions: ['s3:ListBucket'],
    resources: [archive.bucketArn],
  });
}

function readSecret({ secretArns }: ReportRoleProps): PolicyStatement {
  return new PolicyStatement({
    sid: 'ReadSecret',
    actions: ['secretsmanager:GetSecretValue'],
    resources: [...secretArns],
  });
}

/**
 * SES checks the permission for the identity that verified the sender, an address or a domain; in the sandbox also for
 * those of the recipients. The conditions still allow only this sender and these recipients.
 */
function sendMail(stack: Stack, props: ReportRoleProps): PolicyStatement[] {
  const sender = splitMailbox(props.emailFrom).address;
  const identities = new Set([sender, ...props.emailTo].flatMap(identitiesOf));
  const resources = [...identities].map((identity) => sesArn(stack, 'identity', identity));
  if (props.sesConfigurationSet !== undefined) {
    resources.push(sesArn(stack, 'configuration-set', props.sesConfigurationSet));
  }
  return inGroups(resources).map(
    (group, index) =>
      new PolicyStatement({
        sid: index === 0 ? 'SendMail' : `SendMail${index + 1}`,
        actions: ['ses:SendRawEmail'],
        resources: group,
        conditions: {
          StringEquals: { 'ses:FromAddress': sender },
          'ForAllValues:StringEquals': { 'ses:Recipients': props.emailTo },
          // A mail without any recipients would meet the condition above.
          Null: { 'ses:Recipients': 'false' },
        },
      }),
  );
}

/**
 * With 50 recipients, a single statement would be longer than IAM allows for a policy. Several are fine: the role moves
 * whole statements into further policies if they don't fit into one.
 */
function inGroups(resources: readonly string[]): string[][] {
  const size = 25;
  return Array.from({ length: Math.ceil(resources.length / size) }, (_, index) =>
    resources.slice(index * size, (index + 1) * size),
  );
}

/** Instead of the managed policy, which allows every log group of the account. */
function writeLog({ logGroup }: ReportRoleProps): PolicyStatement {
  return new PolicyStatement({
    sid: 'WriteLog',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
}

function handOverFailedRuns({ failedRuns }: ReportRoleProps): PolicyStatement {
  return new PolicyStatement({
    sid: 'HandOverFailedRuns',
    actions: ['sqs:SendMessage'],
    resources: [failedRuns.queueArn],
  });
}

/** S3 uses these permissions on the function's behalf whenever it writes or reads a file. */
function useArchiveKey(stack: Stack, { archiveKey }: ReportRoleProps): PolicyStatement[] {
  if (archiveKey === undefined) return [];
  return [
    new PolicyStatement({
      sid: 'UseArchiveKey',
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: [archiveKey.keyArn],
      conditions: throughService(stack, 's3'),
    }),
  ];
}

function useSecretKey(stack: Stack, { secretKeyArn }: ReportRoleProps): PolicyStatement[] {
  if (secretKeyArn === undefined) return [];
  return [
    new PolicyStatement({
      sid: 'UseSecretKey',
      actions: ['kms:Decrypt'],
      resources: [secretKeyArn],
      conditions: throughService(stack, 'secretsmanager'),
    }),
  ];
}

function throughService(stack: Stack, service: string): Record<string, Record<string, string>> {
  return { StringEquals: { 'kms:ViaService': `${service}.${stack.region}.${stack.urlSuffix}` } };
}

function sesArn(stack: Stack, resource: string, resourceName: string): string {
  return stack.formatArn({ service: 'ses', resource, resourceName });
}
