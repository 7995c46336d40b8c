import { expect, test } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { DailyCostReport } from '../../lib/daily-cost-report.ts';
import { unbundledApp } from './synthesized.ts';

const OWN = {
  spaceUrl: 'https://acme.signalwire.com',
  secretName: 'signalwire/video-cost-report',
  emailFrom: 'Video costs <costs@acme.test>',
  emailTo: ['finance@acme.test'],
  alarmEmails: ['infra@acme.test'],
};

test.each<[object, readonly string[]]>([
  [{}, []],
  [{ spaceUrl: 'https://example.signalwire.com' }, ['spaceUrl']],
  [{ spaceUrl: 'https://our-example.signalwire.com' }, []],
  [{ emailFrom: 'Video costs <costs@example.com>' }, ['emailFrom']],
  [
    { emailTo: ['finance@acme.test', 'boss@example.org'], alarmEmails: ['infra@example.net'] },
    ['emailTo', 'alarmEmails'],
  ],
  [{ emailTo: ['finance@example.company'] }, []],
])('settings %j: a warning names those that are still examples', (changed, names) => {
  const stack = new Stack(unbundledApp(), 'Stack');
  new DailyCostReport(stack, 'Costs', { ...OWN, ...changed });
  const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('exampleSettings'));
  expect(found.map(({ entry }) => entry.data)).toEqual(
    names.length === 0
      ? []
      : [
          `Still an example: ${names.join(', ')}. Set your own before you deploy. ` +
            '[ack: video-cost-report:exampleSettings]',
        ],
  );
});
