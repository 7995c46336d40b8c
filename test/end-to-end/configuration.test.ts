import { expect, test } from '@jest/globals';
import { API_TOKEN, CONFIGURATION_SET, PROJECT_ID } from '../../local/cloud.ts';
import { sessionLog } from '../support/logs.ts';
import { type Morning, openMorning, SECRETS } from '../support/morning.ts';
import { failureOf, NO_REQUESTS, only, requestCounts } from './support/observations.ts';

const FIFTY_ONE = Array.from({ length: 51 }, (_, index) => `person-${index}@example.com`).join(',');

/** Runs with one changed variable and returns the message of the refusal; no request may be made. */
async function refusal(name: string, value: string | null): Promise<string> {
  const morning = await openMorning({ logs: [sessionLog(1)], environment: { [name]: value } });
  const message = await failureOf(morning, await morning.invoke(), 'InvalidConfigurationError');
  expect(requestCounts(morning)).toEqual(NO_REQUESTS);
  return message;
}

test.each([
  ['SIGNALWIRE_SPACE_URL'],
  ['SIGNALWIRE_SECRET_ID'],
  ['ARCHIVE_BUCKET'],
  ['EMAIL_FROM'],
  ['EMAIL_TO'],
])('%s must be set', async (name) => {
  const messages = await Promise.all([refusal(name, null), refusal(name, '')]);
  expect(messages).toEqual([expect.stringContaining(name), expect.stringContaining(name)]);
});

test.each([
  [
    'SIGNALWIRE_SPACE_URL',
    [
      'example.signalwire.com',
      'http://example.signalwire.com',
      'https://example.com',
      'https://signalwire.com.example.org',
      'https://example.signalwire.com/api/video',
      'https://example.signalwire.com?page_size=1',
    ],
  ],
  ['ARCHIVE_BUCKET', ['Not A Bucket', 's3://video-cost-archive', 'ab']],
  ['EMAIL_FROM', ['costs', 'a@example.com, b@example.com', 'Costs <costs>']],
  ['EMAIL_TO', ['finance', 'a@example.com,,b@example.com', 'a@example.com;b@example.com', FIFTY_ONE]],
  ['BILLING_TIME_ZONE', ['Mars/Olympus', '+02:00']],
  ['BILLING_CURRENCY', ['usd', 'DOLLARS']],
  ['LOOKBACK_DAYS', ['36', '-1', '7.5', 'seven']],
  ['READ_IN_WINDOWS', ['yes', '1', 'TRUE']],
  ['MONTHLY_BUDGET', ['lots', '-5', '1e3', '0']],
  ['SES_CONFIGURATION_SET', ['not a set', 'a/b']],
])('a bad value of %s is refused, naming the variable and the value', async (name, values) => {
  const messages = await Promise.all(values.map((value) => refusal(name, value)));

  messages.forEach((message, index) => {
    expect(message).toContain(name);
    expect(message).toContain(values[index]);
  });
});

test('a line break in an address is refused', async () => {
  const message = await refusal('EMAIL_FROM', 'Costs\r\nBcc: everyone@example.com <costs@example.com>');
  expect(message).toContain('EMAIL_FROM');
});

test('every bad variable is named at once', async () => {
  const morning = await openMorning({ environment: { EMAIL_TO: 'nobody', LOOKBACK_DAYS: '99' } });

  const message = await failureOf(morning, await morning.invoke(), 'InvalidConfigurationError');
  expect(message).toMatch(/EMAIL_TO.*nobody.*LOOKBACK_DAYS.*99/s);
});

test.each([
  ['a URL with the credentials in it', `https://${PROJECT_ID}:${API_TOKEN}@example.signalwire.com`],
  ['the same without its scheme', `${PROJECT_ID}:${API_TOKEN}@example.signalwire.com`],
  ['the same with a slash in the token', `https://${PROJECT_ID}:/${API_TOKEN}@example.signalwire.com`],
])('SIGNALWIRE_SPACE_URL: %s is refused without showing them', async (_what, url) => {
  const message = await refusal('SIGNALWIRE_SPACE_URL', url);
  expect(message).toContain('SIGNALWIRE_SPACE_URL');
});

test('the secret itself in place of its name is refused without being shown', async () => {
  const secret = JSON.stringify({ project_id: PROJECT_ID, api_token: API_TOKEN });
  const message = await refusal('SIGNALWIRE_SECRET_ID', secret);

  expect(message).toContain('SIGNALWIRE_SECRET_ID');
  expect(message).not.toContain(PROJECT_ID);
  expect(SECRETS.filter((part) => message.includes(part))).toEqual([]);
});

test('every optional variable is accepted', async () => {
  const recipients = Array.from({ length: 50 }, (_, index) => `person-${index}@example.com`);
  const morning = await openMorning({
    logs: [sessionLog(1, { charge: '1234.565' })],
    environment: {
      EMAIL_FROM: 'costs@example.com',
      EMAIL_TO: recipients.join(', '),
      BILLING_TIME_ZONE: 'UTC',
      BILLING_CURRENCY: 'EUR',
      LOOKBACK_DAYS: '35',
      MONTHLY_BUDGET: '2500.00',
      READ_IN_WINDOWS: 'false',
      SES_CONFIGURATION_SET: CONFIGURATION_SET,
    },
  });

  const { reports } = await morning.run();
  expect(only(reports)).toMatchObject({ status: 'delivered', charge: '1234.565', currency: 'EUR' });
  const mail = only(morning.cloud.ses.outbox);
  expect(mail).toMatchObject({ source: 'costs@example.com', destinations: recipients });
  expect(only(await morning.mails()).subject).toBe('SignalWire video costs 2026-11-22: €1,234.57');
  expect(configurationSets(morning)).toEqual([CONFIGURATION_SET]);
});

function configurationSets({ cloud }: Morning): (string | null)[] {
  return cloud.ses.requests.map(({ body }) =>
    new URLSearchParams(body.toString()).get('ConfigurationSetName'),
  );
}
