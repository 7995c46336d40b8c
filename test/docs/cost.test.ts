import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { resources, synthesized } from '../infrastructure/synthesized.ts';
import { metricLines } from '../end-to-end/support/observations.ts';
import { sessionLog } from '../support/logs.ts';
import { openMorning } from '../support/morning.ts';
import { costTable } from './monthly-cost.ts';

function tableIn(page: string): string[][] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| -'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test('the cost table adds up for what the stack contains', async () => {
  const template = synthesized();
  const count = (type: string): number => resources(template, type).length;
  const morning = await openMorning({ logs: [sessionLog('yesterday')] });
  const [line] = metricLines(await morning.invoke());
  const [published] = line?._aws.CloudWatchMetrics ?? [];
  const expected = costTable({
    // Besides our own metrics, SES publishes the bounces as a custom metric.
    metrics: (published?.Metrics.length ?? 0) + 1,
    alarmMetrics: count('AWS::CloudWatch::Alarm'),
    dashboards: count('AWS::CloudWatch::Dashboard'),
    secrets: count('AWS::SecretsManager::Secret'),
  });
  const shown = tableIn(readFileSync('docs/cost.md', 'utf8')).slice(0, expected.length);
  expect(shown).toEqual(expected);
});
