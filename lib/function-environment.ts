import type { Environment } from '../lambda/environment.ts';
import type { ReportSettings } from './settings.ts';

/**
 * The settings as environment variables of the function. Every variable that the function knows must be mentioned here,
 * or this file does not compile.
 */
export function functionEnvironment(
  settings: ReportSettings,
  archiveBucketName: string,
  configurationSetName: string | undefined,
): Environment {
  return {
    SIGNALWIRE_SPACE_URL: settings.spaceUrl,
    SIGNALWIRE_SECRET_ID: settings.secretName,
    ARCHIVE_BUCKET: archiveBucketName,
    EMAIL_FROM: settings.emailFrom,
    EMAIL_TO: settings.emailTo.join(','),
    BILLING_TIME_ZONE: settings.timeZone,
    BILLING_CURRENCY: settings.currency,
    LOOKBACK_DAYS: settings.lookbackDays,
    MONTHLY_BUDGET: settings.monthlyBudget,
    READ_IN_WINDOWS: settings.readInWindows,
    SES_CONFIGURATION_SET: configurationSetName,
  } satisfies Record<keyof Environment, string | undefined>;
}
