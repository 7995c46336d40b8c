import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { splitMailbox } from '../lambda/environment.ts';

/** The folders of the archive; nothing else in the bucket is the function's business. */
const ARCHIVE_FOLDERS = ['room-charges', 'line-items', 'manifests', 'emails'];

export interface ReportRoleProps {
  readonly archive: Bucket;
  readonly logGroup: ILogGroup;
  /** ARN or ARN pattern of the one secret. */
  readonly secretArn: string;
  /** The sender, with or without a display name. */
  readonly emailFrom: string;
  readonly emailTo: readonly string[];
  /**
   * @default - the mail is sent without one
   */
  readonly sesConfigurationSet?: string | undefined;
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
    ];
    for (const statement of statements) this.addToPolicy(statement);
  }
}

function keepReports({ archive }: ReportRoleProps): PolicyStatement {
  return new PolicyStatement({
    sid: 'KeepReports',
    actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
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

function readSecret({ secretArn }: ReportRoleProps): PolicyStatement {
  return new PolicyStatement({
    sid: 'ReadSecret',
    actions: ['secretsmanager:GetSecretValue'],
    resources: [secretArn],
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

/** An address may be verified as it is, by its domain, or by a domain above that one; a top-level domain is nobody's. */
function identitiesOf(address: string): string[] {
  const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
  const domains = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
  return [address, ...domains];
}

function sesArn(stack: Stack, resource: string, resourceName: string): string {
  return stack.formatArn({ service: 'ses', resource, resourceName });
}
