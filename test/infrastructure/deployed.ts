import type { Template } from 'aws-cdk-lib/assertions';
import { BUCKET, CONFIGURATION_SET, IDENTITY, SECRET_ID } from '../../local/cloud.ts';

export const ACCOUNT = '123456789012';
const { region: REGION } = IDENTITY;

const arnIn = (service: string, rest: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

/** Names and ARNs as CloudFormation would assign them, or those of the local cloud if it has such a resource. */
const DEPLOYED: readonly (readonly [id: RegExp, ref: string, arn: string])[] = [
  [/^Archive/, BUCKET, `arn:aws:s3:::${BUCKET}`],
  [/^AccessLogs/, 'access-logs', 'arn:aws:s3:::access-logs'],
  [/^AnalyticsWorkgroupResults/, 'query-results', 'arn:aws:s3:::query-results'],
  [/^BackfillEngineResults/, 'backfill-results', 'arn:aws:s3:::backfill-results'],
  [/^SignalWireSecret/, arnIn('secretsmanager', `secret:${SECRET_ID}-a1B2c3`), ''],
  [/^AlarmTopic/, arnIn('sns', 'alarms'), arnIn('sns', 'alarms')],
  [/^MailEventsConfigurationSet/, CONFIGURATION_SET, ''],
  [/^ReportLog/, '/report', arnIn('logs', 'log-group:/report:*')],
  [/^FailedRuns/, '', arnIn('sqs', 'failed-runs')],
  [/^ScheduleDeadLetterQueue/, '', arnIn('sqs', 'undelivered')],
  [/^Report[0-9A-F]{8}$/, 'report', arnIn('lambda', 'function:report')],
  [/^BackfillEngine/, arnIn('states', 'stateMachine:backfill'), arnIn('states', 'stateMachine:backfill')],
];

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::URLSuffix': 'amazonaws.com',
};

function find(id: string): { ref: string; arn: string } {
  const [, ref, arn] = DEPLOYED.find(([pattern]) => pattern.test(id)) ?? [];
  if (ref === undefined || arn === undefined) throw new Error(`What would ${id} be once it is deployed?`);
  return { ref, arn };
}

/** A part of the template as it would be when deployed, with every reference filled in. */
export function deployed(part: unknown): unknown {
  return JSON.parse(JSON.stringify(part), (_, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('Ref' in value) return PSEUDO[String(value.Ref)] ?? find(String(value.Ref)).ref;
    if ('Fn::GetAtt' in value) return find((value['Fn::GetAtt'] as string[])[0] ?? '').arn;
    if ('Fn::Split' in value) {
      const [separator, text] = value['Fn::Split'] as [string, string];
      return text.split(separator);
    }
    if ('Fn::Select' in value) {
      const [index, list] = value['Fn::Select'] as [number, string[]];
      return list[index];
    }
    if ('Fn::Join' in value) {
      const [separator, parts] = value['Fn::Join'] as [string, string[]];
      return parts.join(separator);
    }
    return value;
  });
}

/** The definition of the only state machine, as it would be when deployed. */
export function definitionOf(template: Template): unknown {
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const { DefinitionString } = (machine as { Properties: { DefinitionString: unknown } }).Properties;
  return JSON.parse(deployed(DefinitionString) as string);
}
