import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Answer } from './daily-report.ts';
import type { ApiUsage } from './signalwire/client.ts';

const SERVICE = 'video-cost-report';

/** One JSON object a line, on the function's standard output. */
export const logger = new Logger({ serviceName: SERVICE });

const metrics = new Metrics({ namespace: 'VideoCostReport', serviceName: SERVICE });

/** Publishes what a run did, as CloudWatch embedded metrics: a line in the log that CloudWatch turns into figures. */
export function publishMetrics(usage: ApiUsage, answer: Answer | null): void {
  metrics.addMetric('ApiRequests', MetricUnit.Count, usage.requests);
  metrics.addMetric('ApiRetries', MetricUnit.Count, usage.retries);
  if (answer !== null) {
    metrics.addMetric('Restatements', MetricUnit.Count, answer.restated.length);
    for (const { status, charge, sessions, rooms } of answer.reports) {
      if (status !== 'delivered') continue;
      metrics.addMetric('ReportDelivered', MetricUnit.Count, 1);
      // A metric is a float by definition, good for a chart; the books are the archive.
      metrics.addMetric('Charge', MetricUnit.NoUnit, Number(charge));
      metrics.addMetric('Sessions', MetricUnit.Count, sessions);
      metrics.addMetric('Rooms', MetricUnit.Count, rooms);
    }
  }
  metrics.publishStoredMetrics();
}
