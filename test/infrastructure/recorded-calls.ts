import type { RecordedRequest } from '../../local/loopback-server.ts';
import { parseTarget } from '../../local/request-target.ts';
import type { Cloud } from '../../local/cloud.ts';
import type { Call } from './permissions.ts';

const here = (service: string, rest: string): string =>
  `arn:aws:${service}:eu-central-1:123456789012:${rest}`;

/** The calls that the function has made to AWS so far, in IAM's terms. */
export function callsOf({ s3, ses, secretsManager }: Cloud): Call[] {
  return [
    ...s3.requests.map(s3Call),
    ...secretsManager.requests.map(secretCall),
    ...ses.requests.flatMap(mailCalls),
  ];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
function s3Call({ method, url, headers }: RecordedRequest): Call {
  const { path, query } = parseTarget(url);
  const [, bucket = '', key = ''] = /^\/([^/]+)\/?(.*)$/s.exec(decodeURIComponent(path)) ?? [];
  const resource = `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
  if (key === '' && method === 'GET') {
    const prefix = query.get('prefix');
    return { action: 's3:ListBucket', resource, context: { ...(prefix && { 's3:prefix': prefix }) } };
  }
  if (method === 'GET' || method === 'HEAD') {
    return { action: query.has('versionId') ? 's3:GetObjectVersion' : 's3:GetObject', resource };
  }
  if (method === 'DELETE' && query.has('uploadId')) return { action: 's3:AbortMultipartUpload', resource };
  if (method !== 'PUT' && method !== 'POST') throw new Error(`Which action is ${method} ${url}?`);
  const creates = method === 'PUT' ? !query.has('partNumber') : query.has('uploadId');
  const condition = (name: 'if-match' | 'if-none-match'): Record<string, string> => {
    const value = headers[name];
    return value === undefined ? {} : { [`s3:${name}`]: value };
  };
  return {
    action: 's3:PutObject',
    resource,
    context: {
      ...condition('if-match'),
      ...condition('if-none-match'),
      's3:ObjectCreationOperation': String(creates),
    },
  };
}

function secretCall({ headers, body }: RecordedRequest): Call {
  const action = String(headers['x-amz-target']).replace('.', ':');
  const { SecretId } = JSON.parse(body.toString()) as { SecretId: string };
  return { action, resource: here('secretsmanager', `secret:${SecretId}-a1B2c3`) };
}

/** SES requires the permission for the sender's identity and for the configuration set. */
function mailCalls({ body }: RecordedRequest): Call[] {
  const form = new URLSearchParams(body.toString());
  const sender = /<(.*)>/.exec(form.get('Source') ?? '')?.[1] ?? form.get('Source') ?? '';
  const recipients = [...form].flatMap(([name, value]) =>
    name.startsWith('Destinations.member') ? value : [],
  );
  const configurationSet = form.get('ConfigurationSetName');
  const resources = [
    `identity/${sender.replace(/^.*@/, '')}`,
    ...(configurationSet === null ? [] : [`configuration-set/${configurationSet}`]),
  ];
  return resources.map((resource) => ({
    action: `ses:${form.get('Action') ?? ''}`,
    resource: here('ses', resource),
    context: { 'ses:FromAddress': sender, 'ses:Recipients': recipients },
  }));
}
