/**
 * The daily report as a construct, for a stack of your own.
 *
 * @packageDocumentation
 */
export { DailyCostReport } from './daily-cost-report.ts';
export type { DailyCostReportProps, ObjectLock } from './daily-cost-report-props.ts';
export type { DnsRecord } from './email/sender-identity.ts';
export { InvalidConfigurationError } from '../lambda/errors.ts';
