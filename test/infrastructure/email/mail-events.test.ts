import { describe, expect, test } from '@jest/globals';
import { ref, resourcePolicyOf, resources, synthesized, theOnly } from '../synthesized.ts';

describe('the configuration set that the stack creates', () => {
  const template = synthesized();
  const configurationSet = theOnly(template, 'AWS::SES::ConfigurationSet');
  const topic = theOnly(template, 'AWS::SNS::Topic');
  const destinations = resources(template, 'AWS::SES::ConfigurationSetEventDestination').map(
    ({ Properties }) => Properties,
  );

  test('reports bounces, complaints, rejects and delays to the alarm topic', () => {
    expect(destinations).toContainEqual({
      ConfigurationSetName: ref(configurationSet),
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: ['bounce', 'complaint', 'reject', 'deliveryDelay'],
        SnsDestination: { TopicARN: ref(topic) },
      },
    });
  });

  test('counts its own bounces', () => {
    expect(destinations).toContainEqual({
      ConfigurationSetName: ref(configurationSet),
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: ['bounce'],
        CloudWatchDestination: {
          DimensionConfigurations: [
            {
              DimensionName: 'ses:configuration-set',
              DimensionValueSource: 'messageTag',
              DefaultDimensionValue: 'none',
            },
          ],
        },
      },
    });
  });

  test('may publish to the topic', () => {
    expect(resourcePolicyOf(template, topic)).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'ses.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: ref(topic),
      }),
    );
  });
});

test.each([
  ['a configuration set of your own', 'reports'],
  ['none', false],
])('with %s, none is created, and an existing one is not changed', (_, sesConfigurationSet) => {
  const template = synthesized({ sesConfigurationSet });
  expect(resources(template, 'AWS::SES::ConfigurationSet')).toEqual([]);
  expect(resources(template, 'AWS::SES::ConfigurationSetEventDestination')).toEqual([]);
});
