import { expect } from '@jest/globals';
import type { Attachment, Email } from 'postal-mime';
import type { Manifest } from '../../../lambda/archive/manifest.ts';
import type { Answer } from '../../../lambda/daily-report.ts';
import type { Report } from '../../../lambda/single-day.ts';
import { BUCKET } from '../../../local/cloud.ts';
import type { Invocation } from '../../../local/lambda-process.ts';
import type { RecordedRequest } from '../../../local/loopback-server.ts';
import { type Morning, SECRETS } from '../../support/morning.ts';

/** The day that the tests' mornings report. */
export const DAY = '2026-11-22';
export const CSV_KEY = roomChargesKey(DAY);
export const LINES_KEY = lineItemsKey(DAY);
export const MANIFEST_KEY = manifestKey(DAY);
export const EMAILS_PREFIX = `emails/day=${DAY}/`;
export const WAIVER_KEY = `${EMAILS_PREFIX}not-to-be-mailed.json`;

/** The day's keys in the archive, in the order in which they are written. */
export const ARCHIVE_KEYS: readonly string[] = [CSV_KEY, LINES_KEY, MANIFEST_KEY];

export function roomChargesKey(day: string): string {
  return `room-charges/day=${day}/room-charges.csv`;
}

export function lineItemsKey(day: string): string {
  return `line-items/day=${day}/line-items.csv`;
}

export function manifestKey(day: string): string {
  return `manifests/day=${day}.json`;
}

export const CSV_HEADER =
  'day,space,room_name,sessions,in_progress_sessions,duration_seconds,charge,currency\r\n';

export const LINES_HEADER = `${[
  'BilledCost,BillingAccountId,BillingAccountName,BillingCurrency,BillingPeriodEnd,BillingPeriodStart',
  'ChargeCategory,ChargeClass,ChargeDescription,ChargeFrequency,ChargePeriodEnd,ChargePeriodStart',
  'ContractedCost,EffectiveCost,HostProviderName,InvoiceId,InvoiceIssuerName,ListCost,PricingQuantity',
  'PricingUnit,ProviderName,PublisherName,ServiceCategory,ServiceName,ServiceProviderName,ServiceSubcategory',
  'x_LogId,x_LogType,x_Source,x_RoomName,x_Status,x_Locked,x_Url,x_CreatedAt,x_StartedAt,x_EndedAt',
  'x_DetailIndex,x_ChargeDetails,x_DiscardedAt,x_LastSeenRevision',
].join(',')}\r\n`;

/** The only element of a list. */
export function only<T>(list: readonly T[]): T {
  const [first, ...others] = list;
  if (first === undefined || others.length > 0) throw new Error(`Expected one element, found ${list.length}`);
  return first;
}

/** Runs an event and returns its report. */
export async function reportOf(morning: Morning, event?: unknown): Promise<Report> {
  const { reports } = await morning.run(event);
  return only(reports);
}

/** The status that an invocation returned; fails the test if the invocation failed. */
export function statusOf(invocation: Invocation): string {
  return only(answerOf(invocation).reports).status;
}

/** Invokes in a container with another time. */
export async function invokeAt(morning: Morning, clock: string, event: unknown = {}): Promise<Invocation> {
  const container = await morning.another(clock);
  return container.invoke(event);
}

/** What an invocation returned; fails the test if the invocation failed. */
export function answerOf({ result, error }: Invocation): Answer {
  expect(error).toBeUndefined();
  return result as Answer;
}

/** The day's current manifest in the archive. */
export function manifestOf(morning: Morning, day = DAY): Manifest {
  return JSON.parse(morning.text(manifestKey(day))) as Manifest;
}

/** How often each service was called. */
export interface RequestCounts {
  readonly signalWire: number;
  readonly s3: number;
  readonly ses: number;
  readonly secretsManager: number;
}

export function requestCounts({ cloud }: Morning): RequestCounts {
  const { signalWire, s3, ses, secretsManager } = cloud;
  return {
    signalWire: signalWire.requests.length,
    s3: s3.requests.length,
    ses: ses.requests.length,
    secretsManager: secretsManager.requests.length,
  };
}

export const NO_REQUESTS: RequestCounts = { signalWire: 0, s3: 0, ses: 0, secretsManager: 0 };

/** What a run has left in the world. */
export function traces(morning: Morning): {
  stored: readonly string[];
  sesCalls: number;
  mails: number;
} {
  const { requests, outbox } = morning.cloud.ses;
  return { stored: morning.stored(), sesCalls: requests.length, mails: outbox.length };
}

export const NO_TRACES = { stored: [], sesCalls: 0, mails: 0 };

/** The dates for which SignalWire was asked, in order. */
export function datesAsked({ cloud }: Morning): (string | null)[] {
  return cloud.signalWire.requests.map(({ url }) => queryOf(url).get('created_on'));
}

export function queryOf(url: string): URLSearchParams {
  return new URL(url, 'http://127.0.0.1').searchParams;
}

export function isWrite({ method }: RecordedRequest): boolean {
  return method === 'PUT' || method === 'POST';
}

/** The message of a failure with this name; also checks that no secret appears anywhere. */
export async function failureOf(
  morning: Morning,
  invocation: Invocation,
  name: string,
  furtherSecrets: readonly string[] = [],
): Promise<string> {
  expect(invocation).toMatchObject({ error: { name } });
  await expectNoSecrets(morning, invocation, furtherSecrets);
  return invocation.error?.message ?? '';
}

/** How a run failed, in a series of them. */
interface Failure {
  readonly what: string;
  readonly name: string | undefined;
  readonly message: string;
  /** How many requests the run sent to SignalWire. */
  readonly requests: number;
}

/**
 * Runs one case after the other in the same container and returns how each failed; also checks that no secret appears
 * anywhere.
 *
 * @param cases the fault's title, and whatever `arrange` needs
 */
export async function failuresOf<T>(
  morning: Morning,
  cases: readonly (readonly [what: string, fault: T, ...unknown[]])[],
  arrange: (fault: T) => void,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const [what, fault] of cases) {
    arrange(fault);
    const before = requestCounts(morning).signalWire;
    const invocation = await morning.invoke();
    await expectNoSecrets(morning, invocation);
    const { name, message = '' } = invocation.error ?? {};
    failures.push({ what, name, message, requests: requestCounts(morning).signalWire - before });
  }
  return failures;
}

/** Fails if a secret appears anywhere. */
export async function expectNoSecrets(
  morning: Morning,
  invocation: Invocation,
  furtherSecrets: readonly string[] = [],
): Promise<void> {
  expect(await secretsSeen(morning, invocation, furtherSecrets)).toEqual([]);
}

/** The secrets that appear in anything that the function printed, returned, stored, mailed or sent elsewhere. */
export async function secretsSeen(
  morning: Morning,
  { stdout, stderr, result, error }: Invocation,
  furtherSecrets: readonly string[] = [],
): Promise<string[]> {
  const { s3, ses, secretsManager } = morning.cloud;
  const seen = [
    ...stdout,
    ...stderr,
    JSON.stringify(result ?? null),
    `${error?.name ?? ''} ${error?.message ?? ''} ${error?.stack ?? ''}`,
    ...s3.bucket(BUCKET).writes.map(({ key, bytes }) => `${key} ${bytes.toString()}`),
    ...ses.outbox.map(({ raw }) => raw.toString()),
    ...(await morning.mails()).flatMap((mail) => [
      `${mail.subject ?? ''} ${JSON.stringify(mail.headers)} ${mail.text ?? ''} ${mail.html ?? ''}`,
      ...mail.attachments.map((attachment) => bytesOf(attachment).toString()),
    ]),
    ...[...s3.requests, ...ses.requests, ...secretsManager.requests].map(
      ({ url, headers, body }) => `${url} ${JSON.stringify(headers)} ${body.toString()}`,
    ),
  ].join('\n');
  return [...SECRETS, ...furtherSecrets].filter((secret) => seen.includes(secret));
}

/** A line of embedded metrics. */
export interface MetricLine extends Readonly<Record<string, unknown>> {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly { readonly Metrics: readonly { readonly Name: string }[] }[];
  };
}

/** The lines of embedded metrics; a run may print one. */
export function metricLines({ stdout }: Invocation): MetricLine[] {
  return stdout.map((line) => JSON.parse(line) as MetricLine).filter((line) => '_aws' in line);
}

/** What CloudWatch makes of an invocation's output: values by metric, except the time, which no test can predict. */
export function metricsOf(invocation: Invocation): Record<string, unknown> {
  const line = only(metricLines(invocation));
  const { Metrics } = only(line._aws.CloudWatchMetrics);
  const foreseeable = Metrics.filter(({ Name }) => Name !== 'ApiTime');
  return Object.fromEntries(foreseeable.map(({ Name }) => [Name, line[Name]]));
}

/** What an invocation printed, except its metrics. */
export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: string;
  readonly message: string;
}

/** The lines of an invocation's log at one level. */
export function logLines({ stdout, stderr }: Invocation, level: string): LogLine[] {
  return [...stdout, ...stderr]
    .map((line) => JSON.parse(line) as LogLine)
    .filter((line) => line.level === level);
}

/** The plain text of a mail, without the line breaks at its end. */
export function textOf({ text }: Email): string {
  return (text ?? '').trimEnd();
}

/** What a reader sees of a mail's HTML, with single spaces. */
export function visibleHtml({ html }: Email): string {
  const body = (html ?? '').replace(/^[^]*<body[^>]*>/, '');
  return oneSpaced(
    body
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&'),
  );
}

/** The rows of a mail's table of restated days, with single spaces; empty if it has none. */
export function restatedDays(mail: Email): string[] {
  const blocks = textOf(mail).split('\n\n');
  const [, , ...lines] = blocks.find((block) => block.startsWith('Restated since'))?.split('\n') ?? [];
  // The last line says what to do.
  const rows = lines.slice(0, -1).join('\n');
  // What happened to a day is on a line of its own below it.
  return rows === '' ? [] : rows.split(/\n(?! )/).map(oneSpaced);
}

/** The mail of a day, among all that were sent. */
export async function mailOf(morning: Morning, day: string): Promise<Email> {
  return only((await morning.mails()).filter(({ subject }) => subject?.includes(`${day}: `)));
}

/** The facts of a mail's text, line by line, as they also are in the HTML. */
export function factsInText(mail: Email): string[] {
  return textOf(mail)
    .split('\n')
    .map((line) => oneSpaced(line.replace(/^(?:Total: |! )/, '')))
    .filter((line) => line !== '');
}

function oneSpaced(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

export function attachmentNames({ attachments }: Email): (string | null)[] {
  return attachments.map(({ filename }) => filename);
}

/** The bytes of the only attachment. */
export function attachedBytes({ attachments }: Email): Buffer {
  return bytesOf(only(attachments));
}

function bytesOf({ content }: Attachment): Buffer {
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content));
}
