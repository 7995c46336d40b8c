import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Report } from './single-day.ts';
import { METRICS_NAMESPACE, METRICS_SERVICE, type MetricName } from './metric-names.ts';
import type { ApiUsage } from './signalwire/client.ts';

/** Writes one JSON object per line: errors to standard error, everything else to standard output. */
export const logger = new Logger({ serviceName: METRICS_SERVICE });

const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: METRICS_SERVICE });

/** What a run did, in figures; updated as it goes on, so that a run that fails still reports what it had done. */
export interface RunFigures {
  readonly usage: ApiUsage;
  /** How long SignalWire's pages took, including retries and waits. */
  apiMilliseconds: number;
  /** Earlier days that could not be read again. */
  lookBackFailures: number;
  restatements: number;
  /** The reports that were mailed for the first time. */
  readonly delivered: Report[];
  /** Whether a scheduled run has delivered yesterday's report, or found it delivered. */
  yesterdayDelivered: boolean;
}

/** Publishes a run's figures as CloudWatch embedded metrics: a log line that CloudWatch turns into metrics. */
export function publishMetrics(run: RunFigures): void {
  const { usage, apiMilliseconds, lookBackFailures, restatements, delivered, yesterdayDelivered } = run;
  const add = (name: MetricName, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void => {
    metrics.addMetric(name, unit, value);
  };
  add('ApiRequests', MetricUnit.Count, usage.requests);
  add('ApiRetries', MetricUnit.Count, usage.retries);
  add('ApiTime', MetricUnit.Milliseconds, Math.round(apiMilliseconds));
  add('Restatements', MetricUnit.Count, restatements);
  add('RestatementFailures', MetricUnit.Count, lookBackFailures);
  // An alarm expects this one every day, and goes off if it is missing.
  if (yesterdayDelivered) add('YesterdayDelivered', MetricUnit.Count, 1);
  for (const { charge, sessions, rooms } of delivered) {
    add('ReportDelivered', MetricUnit.Count, 1);
    // A metric is a float by definition, good enough for a chart; the exact figure is in the archive.
    add('Charge', MetricUnit.NoUnit, Number(charge));
    add('Sessions', MetricUnit.Count, sessions);
    add('Rooms', MetricUnit.Count, rooms);
  }
  metrics.publishStoredMetrics();
}
