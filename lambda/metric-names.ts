/** The namespace and names of the job's CloudWatch metrics, shared by the function and the alarms. */
export const METRICS_NAMESPACE = 'VideoCostReport';

/** The value of their only dimension, `service`. */
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
