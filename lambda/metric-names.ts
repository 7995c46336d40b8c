/** What the job publishes as CloudWatch embedded metrics; the one list that the function and the alarms share. */
export const METRICS_NAMESPACE = 'VideoCostReport';

/** The one dimension of all of them: `service`. */
export const METRICS_SERVICE = 'video-cost-report';

export type MetricName =
  | 'ReportDelivered'
  | 'YesterdayDelivered'
  | 'Charge'
  | 'Sessions'
  | 'Rooms'
  | 'Restatements'
  | 'RestatementFailures'
  | 'ApiRequests'
  | 'ApiRetries'
  | 'ApiTime';
