import { describe, expect, test } from '@jest/globals';
import validate from 'asl-validator';
import { SignalWireUnavailableError, ArchiveError, OutOfTimeError } from '../../lambda/errors.ts';
import { definitionOf } from './deployed.ts';
import { type Call, isAllowed, policiesOfService } from './permissions.ts';
import { named, output, ref, synthesized } from './synthesized.ts';

const here = (service: string, rest: string): string =>
  `arn:aws:${service}:eu-central-1:123456789012:${rest}`;

const template = synthesized();
const definition = definitionOf(template);

describe('the definition of the engine', () => {
  test('is valid', () => {
    expect(validate(definition as object, { checkArn: true, checkPaths: true })).toMatchObject({
      isValid: true,
      errors: [],
    });
  });

  test('runs each day in its own execution, as many at once as its input says, without a mail', () => {
    expect(definition).toMatchObject({
      StartAt: 'EachDay',
      States: {
        EachDay: {
          Type: 'Map',
          ItemsPath: '$.days',
          ItemSelector: { 'day.$': '$$.Map.Item.Value', email: false },
          MaxConcurrencyPath: '$.concurrency',
          ToleratedFailurePercentage: 10,
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'ReportDay',
            States: {
              ReportDay: { Type: 'Task', Resource: here('lambda', 'function:report'), TimeoutSeconds: 960 },
            },
          },
          ResultWriter: {
            Resource: 'arn:aws:states:::s3:putObject',
            Parameters: { Bucket: 'backfill-results', Prefix: 'backfills' },
          },
        },
      },
    });
  });

  test('repeats errors that may pass, and no other error of the function', () => {
    const text = JSON.stringify(definition);
    const repeated = [...text.matchAll(/"ErrorEquals":(\[[^\]]*\])/g)].map(
      ([, list = '']) => JSON.parse(list) as unknown,
    );
    expect(repeated).toEqual([
      expect.arrayContaining(['Lambda.TooManyRequestsException', 'Lambda.ServiceException']),
      [SignalWireUnavailableError, ArchiveError, OutOfTimeError].map((kind) => new kind('').name),
    ]);
  });
});

test('the engine is an output of the stack', () => {
  const machine = named(template, 'AWS::StepFunctions::StateMachine', 'BackfillEngine');
  expect(output(template, 'BackfillEngineArn')).toEqual(ref(machine));
});

describe('the engine', () => {
  const policies = policiesOfService(template, 'states.amazonaws.com');

  test.each<Call>([
    { action: 'lambda:InvokeFunction', resource: here('lambda', 'function:report') },
    { action: 'states:StartExecution', resource: here('states', 'stateMachine:backfill') },
    { action: 'states:DescribeExecution', resource: here('states', 'execution:backfill:1') },
    { action: 's3:PutObject', resource: 'arn:aws:s3:::backfill-results/backfills/1/manifest.json' },
  ])('may $action $resource', async (call) => {
    expect(await isAllowed(template, policies, call)).toBe(true);
  });

  test.each<Call>([
    { action: 'lambda:InvokeFunction', resource: here('lambda', 'function:other') },
    { action: 'states:StartExecution', resource: here('states', 'stateMachine:other') },
    {
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::video-cost-archive/manifests/day=2026-11-22.json',
      context: { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' },
    },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::video-cost-archive/manifests/day=2026-11-22.json' },
    { action: 'secretsmanager:GetSecretValue', resource: here('secretsmanager', 'secret:signalwire-a1B2c3') },
  ])('may not $action $resource', async (call) => {
    expect(await isAllowed(template, policies, call)).toBe(false);
  });
});
