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
  /** ARN, or ARN patterns, of the one secret. */
  readonly secretArns: readonly string[];
  /** Where Lambda puts the events of failed runs, in the function's name. */
  readonly failedRuns: IQueue;
  /** The sender, with or without a display name. */
  readonly emailFrom: string;
  readonly emailTo: readonly string[];
  /**
   * @default - the mail is sent without one
   */
  readonly sesConfigurationSet?: string | undefined;
  /**
   * The key of the archive.
   *
   * @default - S3 encrypts with keys of its own
   */
  readonly archiveKey?: IKey | undefined;
  /**
   * ARN of the secret's key.
   *
   * @default - the key that Secrets Manager brings, which asks for no permission
   */
  readonly secretKeyArn?: string | undefined;
}

/**
 * What the function may do, and nothing more. The actions are written out: the grant methods of the constructs give
 * more, such as changing an object's retention.
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
        reason: 'Every day has files of its own in this folder, under names that are known only on that day.',
      })),
    );
  }
}

/** What is uploaded in parts is put with the same permission as the rest; giving it up has one of its own. */
function keepReports({ archive }: ReportRoleProps): PolicyStatement {
  return new PolicyStatement({
    sid: 'KeepReports',
    actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:AbortMultipartUpload'],
    resources: ARCHIVE_FOLDERS.map((folder) => archive.arnForObjects(`${folder}/*`)),
  });
}

/**
 * S3 answers 404 for a missing key only to those who may list the bucket, and 403 to all others. No condition on the
 * prefix: it is about listing, and a GET that it does not match would be a 403 again.
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
 * SES checks the identity that the sender was verified by, an address or a domain, and in the sandbox those of the
 * recipients too. The conditions still leave one sender and these recipients.
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
          // No recipients at all would meet the condition before.
          Null: { 'ses:Recipients': 'false' },
        },
      }),
  );
}

/**
 * With 50 recipients the statement would be longer than IAM lets a policy be; the role moves whole statements into
 * policies of their own where they do not fit into one.
 */
function inGroups(resources: readonly string[]): string[][] {
  const size = 25;
  return Array.from({ length: Math.ceil(resources.length / size) }, (_, index) =>
    resources.slice(index * size, (index + 1) * size),
  );
}

/** In place of the managed policy, which opens every log group of the account. */
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

/** S3 asks for these in the function's name, whenever it writes or reads a file. */
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
