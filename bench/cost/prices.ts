/** US dollars in us-east-1; docs/cost.md says where each comes from. */
export const PRICES = {
  lambdaGbSecondArm: '0.0000133334',
  lambdaMillionRequests: '0.20',
  s3GbMonth: '0.023',
  s3ThousandWrites: '0.005',
  s3ThousandReads: '0.0004',
  customMetric: '0.30',
  alarmMetric: '0.10',
  dashboard: '3.00',
  logGb: '0.50',
  secret: '0.40',
  sesThousandMails: '0.10',
} as const;
