import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CostReportStack } from '../../lib/cost-report-stack.ts';
import { reportProps } from '../../lib/settings.ts';

// One folder for each of Jest's workers, overwritten each time, instead of ever more temporary folders.
const OUT_DIR = fileURLToPath(
  new URL(
    `../../node_modules/.cache/video-cost-report/templates-${process.env['JEST_WORKER_ID'] ?? ''}`,
    import.meta.url,
  ),
);

/** The settings that have no default, and nothing else. */
export const leastReport = {
  spaceUrl: 'https://example.signalwire.com',
  secretName: 'signalwire/video-cost-report',
  emailFrom: 'Video costs <costs@example.com>',
  emailTo: ['finance@example.org'],
};

const templates = new Map<string, Template>();

/** The template for these settings, without bundling the function. */
export function synthesized(report: object = {}): Template {
  const key = JSON.stringify(report);
  const template = templates.get(key) ?? synthesize(report);
  templates.set(key, template);
  return template;
}

function synthesize(report: object): Template {
  const settings = reportProps({ ...leastReport, ...report }, 'the test');
  return Template.fromStack(new CostReportStack(unbundledApp(), 'Test', { settings }));
}

/** An app that does not bundle, and writes nothing that the templates don't need. */
export function unbundledApp(): App {
  return new App({
    context: { 'aws:cdk:bundling-stacks': [] },
    outdir: OUT_DIR,
    treeMetadata: false,
    stackTraces: false,
  });
}

/** A resource as the template has it. */
export interface SynthesizedResource {
  readonly id: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
}

/** The resources of a type. */
export function resources(template: Template, type: string): SynthesizedResource[] {
  return Object.entries(template.findResources(type)).map(([id, resource]) => ({
    ...(resource as Omit<SynthesizedResource, 'id'>),
    id,
  }));
}

/** The one resource of a type. */
export function theOnly(template: Template, type: string): SynthesizedResource {
  const [resource, ...others] = resources(template, type);
  if (resource === undefined || others.length > 0) {
    throw new Error(`Expected one ${type}, found ${resource === undefined ? 'none' : others.length + 1}`);
  }
  return resource;
}

/** The bucket that holds the archive. */
export function archiveOf(template: Template): SynthesizedResource {
  return named(template, 'AWS::S3::Bucket', 'Archive');
}

export function ref(resource: SynthesizedResource): { Ref: string } {
  return { Ref: resource.id };
}

export function arn(resource: SynthesizedResource): { 'Fn::GetAtt': string[] } {
  return { 'Fn::GetAtt': [resource.id, 'Arn'] };
}

/** The value of an output; null if there is none of that name. */
export function output(template: Template, name: string): unknown {
  const found = template.findOutputs(name)[name] as { Value: unknown } | undefined;
  return found?.Value ?? null;
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

/** The statements of the policies that are attached to a role. */
export function statementsOf(template: Template, role: SynthesizedResource): Statement[] {
  return policiesOf(template, role).flatMap(
    ({ Properties }) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement,
  );
}

/** The policies that are attached to a role. */
export function policiesOf(template: Template, role: SynthesizedResource): SynthesizedResource[] {
  return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => resources(template, type))
    .filter(({ Properties }) => JSON.stringify(Properties['Roles']) === JSON.stringify([ref(role)]));
}

/** The role that a service may assume. */
export function roleOf(template: Template, service: string): SynthesizedResource {
  const [role] = resources(template, 'AWS::IAM::Role').filter(({ Properties }) =>
    JSON.stringify(Properties['AssumeRolePolicyDocument']).includes(`{"Service":"${service}"}`),
  );
  if (role === undefined) throw new Error(`No role for ${service}`);
  return role;
}

/** The resource of a type whose id begins with `id`. */
export function named(template: Template, type: string, id: string): SynthesizedResource {
  const [found, ...others] = resources(template, type).filter((resource) => resource.id.startsWith(id));
  if (found === undefined || others.length > 0)
    throw new Error(`Expected one ${type} named ${id}, found ${found === undefined ? 0 : others.length + 1}`);
  return found;
}

/** The statements of the policy of a bucket, a queue or a topic. */
export function resourcePolicyOf(template: Template, resource: SynthesizedResource): Statement[] {
  return ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy']
    .flatMap((type) => resources(template, type))
    .filter(({ Properties: { Bucket, Queues, Topics } }) =>
      [Bucket, Queues, Topics].flat().some((of) => JSON.stringify(of) === JSON.stringify(ref(resource))),
    )
    .flatMap(({ Properties }) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
}

/** The statements in a bucket's policy that allow only TLS 1.2 or later. */
export function tlsOnly(bucket: SynthesizedResource): Statement[] {
  return [{ Bool: { 'aws:SecureTransport': 'false' } }, { NumericLessThan: { 's3:TlsVersion': 1.2 } }].map(
    (Condition) => ({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:*',
      Resource: [arn(bucket), { 'Fn::Join': ['', [arn(bucket), '/*']] }],
      Condition,
    }),
  );
}
