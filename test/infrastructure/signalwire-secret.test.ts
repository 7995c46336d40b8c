import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { output, ref, resources, roleOf, statementsOf, synthesized, theOnly } from './synthesized.ts';

function readableSecret(template: Template): unknown {
  const statements = statementsOf(template, roleOf(template, 'lambda.amazonaws.com'));
  return statements.find(({ Action }) => Action === 'secretsmanager:GetSecretValue')?.Resource;
}

describe('a secret that the stack creates', () => {
  const template = synthesized();
  const secret = theOnly(template, 'AWS::SecretsManager::Secret');

  test('has the name in the settings, and no value that a deployment could restore', () => {
    expect(secret.Properties).toEqual({
      Name: 'signalwire/video-cost-report',
      Description: 'SignalWire project id and API token (Video scope) for the video cost report',
    });
  });

  test('outlives the stack, and every upgrade, but not a first deployment that fails', () => {
    expect(secret.id).toBe('SignalWireSecret5F4FE258');
    expect(secret).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('is the only one that the function may read', () => {
    expect(readableSecret(template)).toEqual(ref(secret));
  });

  test('comes with the command that fills it', () => {
    expect(output(template, 'PutSecretCommand')).toBe(
      'aws secretsmanager put-secret-value --secret-id signalwire/video-cost-report --secret-string file:///dev/stdin',
    );
  });
});

describe('an existing secret', () => {
  const wholeArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:signalwire-Ab12Cd';
  const partialArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:signalwire';

  test('is neither created nor explained', () => {
    const template = synthesized({ createSecret: false });
    expect(resources(template, 'AWS::SecretsManager::Secret')).toEqual([]);
    expect(output(template, 'PutSecretCommand')).toBeNull();
  });

  test('is found by its name, whatever suffix its ARN has', () => {
    expect(readableSecret(synthesized({ createSecret: false }))).toEqual({
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          ':secretsmanager:',
          { Ref: 'AWS::Region' },
          ':',
          { Ref: 'AWS::AccountId' },
          ':secret:signalwire/video-cost-report-??????',
        ],
      ],
    });
  });

  test.each([
    ['whole', wholeArn, wholeArn],
    ['without its suffix', partialArn, `${partialArn}-??????`],
    [
      'which may or may not have its suffix',
      `${partialArn}-report`,
      [`${partialArn}-report`, `${partialArn}-report-??????`],
    ],
  ])('is found by its ARN, %s', (_, secretName, resource) => {
    expect(readableSecret(synthesized({ createSecret: false, secretName }))).toEqual(resource);
  });
});
