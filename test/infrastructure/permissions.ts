import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { Template } from 'aws-cdk-lib/assertions';
import { ACCOUNT, deployed } from './deployed.ts';
import { archiveOf, policiesOf, resourcePolicyOf, roleOf } from './synthesized.ts';

/** A call for which IAM decides whether it is allowed. */
export interface Call {
  readonly action: string;
  /** ARN of the resource of the call. */
  readonly resource: string;
  /** Condition keys and their values. @default {} */
  readonly context?: Readonly<Record<string, string | string[]>>;
}

type Policies = Simulation['identityPolicies'];

/** Every action on every resource: the policy of an administrator. */
export const ADMINISTRATOR: Policies = [
  {
    name: 'administrator',
    policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  },
];

/** The policies of the role that a service assumes. */
export function policiesOfService(template: Template, service: string): Policies {
  return policiesOf(template, roleOf(template, service)).map(({ id, Properties }) => ({
    name: id,
    policy: deployed(Properties['PolicyDocument']) as object,
  }));
}

/**
 * Whether IAM would allow a call by somebody with these policies, considering actions, resources, conditions and the
 * archive's own policy.
 *
 * @throws Error if there is no such action, resource or condition key
 */
export async function isAllowed(template: Template, policies: Policies, call: Call): Promise<boolean> {
  const { action, resource, context = {} } = call;
  const archive = archiveOf(template);
  const isArchive = resource.split('/')[0] === deployed({ 'Fn::GetAtt': [archive.id, 'Arn'] });
  const answer = await runSimulation(
    {
      request: {
        principal: `arn:aws:sts::${ACCOUNT}:assumed-role/role/session`,
        action,
        resource: { resource, accountId: ACCOUNT },
        // Whatever the SDK sends goes over TLS 1.2 or later.
        contextVariables: { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', ...context },
      },
      identityPolicies: policies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(isArchive && {
        resourcePolicy: {
          Version: '2012-10-17',
          Statement: deployed(resourcePolicyOf(template, archive)),
        },
      }),
    },
    {},
  );
  if (answer.resultType !== 'single') throw new Error(JSON.stringify(answer));
  const { ignoredContextKeys = [] } = answer.result;
  const unknown = ignoredContextKeys.filter((key) => Object.keys(context).includes(key));
  if (unknown.length > 0) throw new Error(`${action} knows no ${unknown.join(', ')}`);
  return answer.overallResult === 'Allowed';
}
