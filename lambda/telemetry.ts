import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Report } from './day-report.ts';
import type { ApiUsage } from './signalwire/client.ts';

const SERVICE = 'video-cost-report';

/** One JSON object a line: errors on the standard error, everything else on the standard output. */
export const logger = new Logger({ serviceName: SERVICE });

const metrics = new Metrics({ namespace: 'VideoCostReport', serviceName: SERVICE });

/** What a run did, in figures; filled in while it goes on, so that a run that fails tells what it had done. */
export interface RunFigures {
  readonly usage: ApiUsage;
  /** Earlier days that could not be read again. */
  lookBackFailures: number;
  restatements: number;
  /** The reports that were mailed for the first time. */
  readonly delivered: Report[];
}

/** Publishes a run's figures as CloudWatch embedded metrics: a line in the log that CloudWatch turns into figures. */
export function publishMetrics({ usage, lookBackFailures, restatements, delivered }: RunFigures): void {
  metrics.addMetric('ApiRequests', MetricUnit.Count, usage.requests);
  metrics.addMetric('ApiRetries', MetricUnit.Count, usage.retries);
  metrics.addMetric('Restatements', MetricUnit.Count, restatements);
  metrics.addMetric('RestatementFailures', MetricUnit.Count, lookBackFailures);
  for (const { charge, sessions, rooms } of delivered) {
    metrics.addMetric('ReportDelivered', MetricUnit.Count, 1);
    // A metric is a float by definition, good for a chart; the books are the archive.
    metrics.addMetric('Charge', MetricUnit.NoUnit, Number(charge));
    metrics.addMetric('Sessions', MetricUnit.Count, sessions);
    metrics.addMetric('Rooms', MetricUnit.Count, rooms);
  }
  metrics.publishStoredMetrics();
}
