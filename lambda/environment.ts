import * as z from 'zod';
import { InvalidConfigurationError } from './errors.ts';
import { withoutTokens } from './masking.ts';

/** Addresses of this machine itself: the only ones that may be reached without TLS. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const SIGNALWIRE_HOST = /^([a-z0-9-]+)\.signalwire\.com$/;

const text = (): z.ZodString => z.string({ error: 'must be set' });

const spaceUrl = text().refine(
  (value) => {
    const url = URL.parse(value);
    if (url === null || url.href.replace(/\/$/, '') !== url.origin) return false;
    if (LOOPBACK.test(url.hostname)) return url.protocol === 'http:' || url.protocol === 'https:';
    return url.protocol === 'https:' && url.port === '' && SIGNALWIRE_HOST.test(url.hostname);
  },
  { error: 'must be https://<space>.signalwire.com and nothing more (http: is for loopback addresses only)' },
);

// Names as Secrets Manager allows them. Any other value, or one containing what looks like a SignalWire token, may be
// the secret itself, pasted by mistake.
const secretId = text().regex(/^(?!.*PT[0-9a-f]{32,})[\w/+=.@:-]{1,2048}$/i, {
  error: 'must be the name or the ARN of a secret in Secrets Manager',
});

const bucketName = text().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
  error: 'must be the name of an S3 bucket',
});

/** One mailbox: an address, with or without a display name. It can't contain a line break. */
const sender = text().refine(
  (value) => {
    const { address, name } = splitMailbox(value);

    return z.email().safeParse(address).success && !/[\u0000-\u001f\u007f<>"]/.test(name);
  },
  { error: 'must be one address, such as costs@example.com or Video costs <costs@example.com>' },
);

const recipients = text().refine(
  (value) => {
    const addresses = splitAddresses(value);
    return addresses.length <= 50 && addresses.every((address) => z.email().safeParse(address).success);
  },
  { error: 'must be 1 to 50 addresses, separated by commas' },
);

const timeZone = text().refine(
  (value) => {
    // Offsets such as +02:00 are not zones: they don't follow daylight saving time.
    if (!/^[A-Za-z]/.test(value)) return false;
    try {
      new Intl.DateTimeFormat('en', { timeZone: value });
      return true;
    } catch {
      return false;
    }
  },
  { error: 'must be an IANA time zone, such as Europe/Berlin' },
);

const currency = text().refine((value) => Intl.supportedValuesOf('currency').includes(value), {
  error: 'must be an ISO 4217 currency code, such as USD',
});

const lookbackDays = text().regex(/^(?:[0-9]|[12][0-9]|3[0-5])$/, {
  error: 'must be a whole number from 0 to 35',
});

const monthlyBudget = text().regex(/^(?=.*[1-9])\d{1,15}(?:\.\d{1,9})?$/, {
  error: 'must be a decimal number greater than zero, such as 2500.00',
});

const trueOrFalse = text().regex(/^(?:true|false)$/, { error: 'must be true or false' });

const configurationSet = text().regex(/^[\w-]{1,64}$/, {
  error: 'must be the name of an SES configuration set',
});

/**
 * Every variable that the function reads, with its rule and its default, defined only here: the function and the stack
 * share this list.
 */
export const environmentSchema = z.object({
  SIGNALWIRE_SPACE_URL: spaceUrl,
  SIGNALWIRE_SECRET_ID: secretId,
  ARCHIVE_BUCKET: bucketName,
  EMAIL_FROM: sender,
  EMAIL_TO: recipients,
  BILLING_TIME_ZONE: timeZone.default('UTC'),
  BILLING_CURRENCY: currency.default('USD'),
  LOOKBACK_DAYS: lookbackDays.default('7'),
  MONTHLY_BUDGET: monthlyBudget.optional(),
  READ_IN_WINDOWS: trueOrFalse.default('true'),
  SES_CONFIGURATION_SET: configurationSet.optional(),
});

/** The variables as the stack must set them: all are text, and the optional ones may be missing. */
export type Environment = z.input<typeof environmentSchema>;

/** Where a mail comes from; `name` is empty if none is set. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** The job's settings: the environment, checked and converted. */
export interface Settings {
  /** Origin of the space, without a trailing slash. */
  readonly spaceUrl: string;
  /** The space's name: `example` for https://example.signalwire.com; the host name if it is not SignalWire's. */
  readonly space: string;
  readonly secretId: string;
  readonly archiveBucket: string;
  readonly emailFrom: Mailbox;
  readonly emailTo: readonly string[];
  /** IANA zone in which a billing day begins and ends. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
  /** How many earlier days a scheduled run reads again. */
  readonly lookbackDays: number;
  /** Decimal, in `currency`; null if none is set. */
  readonly monthlyBudget: string | null;
  /** Whether a long day may be read as time windows, several at once. */
  readonly readInWindows: boolean;
  readonly sesConfigurationSet: string | null;
}

/**
 * Reads and checks the environment.
 *
 * @throws InvalidConfigurationError naming every bad variable and its value
 */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Settings {
  const result = environmentSchema.safeParse(environment);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return `${name} is ${shown(name, environment[name])}: it ${message}`;
    });
    throw new InvalidConfigurationError(
      `${problems.join('; ')}. Correct it (for the deployed function: context.report in cdk.json, then deploy again).`,
    );
  }
  const { data } = result;
  const { hostname, origin } = new URL(data.SIGNALWIRE_SPACE_URL);
  return {
    spaceUrl: origin,
    space: SIGNALWIRE_HOST.exec(hostname)?.[1] ?? hostname,
    secretId: data.SIGNALWIRE_SECRET_ID,
    archiveBucket: data.ARCHIVE_BUCKET,
    emailFrom: splitMailbox(data.EMAIL_FROM),
    emailTo: splitAddresses(data.EMAIL_TO),
    timeZone: data.BILLING_TIME_ZONE,
    currency: data.BILLING_CURRENCY,
    lookbackDays: Number(data.LOOKBACK_DAYS),
    monthlyBudget: data.MONTHLY_BUDGET ?? null,
    readInWindows: data.READ_IN_WINDOWS === 'true',
    sesConfigurationSet: data.SES_CONFIGURATION_SET ?? null,
  };
}

/** Splits `Video costs <costs@example.com>` into name and address; the name may be quoted. */
export function splitMailbox(mailbox: string): Mailbox {
  const [, name = '', address = mailbox] = /^([^<]*)<([^<>]*)>\s*$/.exec(mailbox) ?? [];
  return { name: name.trim().replace(/^"(.*)"$/, '$1'), address: address.trim() };
}

function splitAddresses(list: string): string[] {
  return list.split(',').map((address) => address.trim());
}

/** A URL, or what was meant to be one, without the user name and password it may contain. */
export function withoutUserInfo(url: string): string {
  return url.replace(/^.*@/s, '…@');
}

/** A value as a message may show it: quoted, without anything that could be a credential. */
function shown(name: string, value: string | undefined): string {
  if (value === undefined) return 'not set';
  if (name === 'SIGNALWIRE_SECRET_ID') return 'not shown here, as it may be the secret itself';
  return JSON.stringify(withoutTokens(name === 'SIGNALWIRE_SPACE_URL' ? withoutUserInfo(value) : value));
}
