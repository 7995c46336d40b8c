import { describe, expect, test } from '@jest/globals';
import type { LineItem } from '../../../lambda/charges/line-item.ts';
import { closedBooks } from '../../support/books.ts';
import { type LogOptions, sessionLog, uuid } from '../../support/logs.ts';

async function itemsOf(options: LogOptions): Promise<readonly LineItem[]> {
  return (await closedBooks([sessionLog('log', options)])).lineItems;
}

async function cells(options: LogOptions, ...columns: (keyof LineItem)[]): Promise<string[][]> {
  return (await itemsOf(options)).map((item) => columns.map((column) => item[column]));
}

async function noticesOf(options: LogOptions): Promise<readonly string[]> {
  return (await closedBooks([sessionLog('log', options)])).notices;
}

const HALVES = [
  { description: 'Video room session', charge: 0.1 },
  { description: 'Recording', charge: 0.2 },
];

describe('a line item', () => {
  // Around 10^9 units, up to which amounts are written the fast way, and 2^31 units.
  test.each([
    ['99999.9999', '99999.9999'],
    ['100000', '100000.00'],
    ['100000.0001', '100000.0001'],
    ['214748.3648', '214748.3648'],
    ['9999999.99', '9999999.99'],
    ['10000000', '10000000.00'],
    ['0.999999999', '0.999999999'],
    ['1.000000001', '1.000000001'],
    ['-100000.0001', '-100000.0001'],
    ['123456789012345.67', '123456789012345.67'],
  ])('of %s dollars costs exactly that', async (charge, cost) => {
    expect(await cells({ charge }, 'BilledCost', 'ContractedCost', 'EffectiveCost', 'ListCost')).toEqual([
      [cost, cost, cost, cost],
    ]);
  });

  test('contains everything about a log, in the terms of FOCUS', async () => {
    expect(
      await itemsOf({
        charge: '0.1435',
        createdAt: '2026-12-31T23:59:58.250Z',
        startedAt: '2026-12-31T23:59:59.900Z',
        endedAt: '2027-01-01T00:14:41.100Z',
        more: { url: 'https://example.signalwire.com/x', charge_details: undefined },
      }),
    ).toEqual([
      {
        BilledCost: '0.1435',
        BillingAccountId: 'project',
        BillingAccountName: 'example',
        BillingCurrency: 'USD',
        BillingPeriodEnd: '2027-01-01T00:00:00Z',
        BillingPeriodStart: '2026-12-01T00:00:00Z',
        ChargeCategory: 'Usage',
        ChargeClass: '',
        ChargeDescription: 'Video room session',
        ChargeFrequency: 'Usage-Based',
        ChargePeriodEnd: '2027-01-01T00:14:42Z',
        ChargePeriodStart: '2026-12-31T23:59:59Z',
        ContractedCost: '0.1435',
        EffectiveCost: '0.1435',
        HostProviderName: 'SignalWire',
        InvoiceId: '',
        InvoiceIssuerName: 'SignalWire',
        ListCost: '0.1435',
        PricingQuantity: '',
        PricingUnit: '',
        ProviderName: 'SignalWire',
        PublisherName: 'SignalWire',
        ServiceCategory: 'Media',
        ServiceName: 'SignalWire Video',
        ServiceProviderName: 'SignalWire',
        ServiceSubcategory: 'Media Streaming',
        x_LogId: uuid('log'),
        x_LogType: 'video_room_session',
        x_Source: 'realtime_api',
        x_RoomName: 'standup',
        x_Status: 'completed',
        x_Locked: 'false',
        x_Url: 'https://example.signalwire.com/x',
        x_CreatedAt: '2026-12-31T23:59:58.250Z',
        x_StartedAt: '2026-12-31T23:59:59.900Z',
        x_EndedAt: '2027-01-01T00:14:41.100Z',
        x_DetailIndex: '',
        x_ChargeDetails: '',
        x_DiscardedAt: '',
        x_LastSeenRevision: '',
      },
    ]);
  });

  test('is made for each detail if they add up to the charge exactly', async () => {
    const options = { charge: '0.3', more: { charge_details: HALVES } };
    expect(
      await cells(options, 'BilledCost', 'ChargeDescription', 'x_DetailIndex', 'x_ChargeDetails'),
    ).toEqual([
      ['0.10', 'Video room session', '0', ''],
      ['0.20', 'Recording', '1', ''],
    ]);
    expect(await noticesOf(options)).toEqual([]);
  });

  test.each([
    ['do not add up', '0.30000000000000000001', HALVES],
    ['are not a list', '0.3', { total: 0.3 }],
    ['are a digit', '0.3', 5],
    ['hold no amount', '0.3', [{ description: 'Session', charge: null }]],
    ['hold text that is not an amount', '0.3', [{ description: 'Session', charge: 'free' }]],
  ])('is made for the whole log, with a notice, if the details %s', async (_case, charge, details) => {
    const options = { charge, more: { charge_details: details } };
    expect(
      await cells(options, 'BilledCost', 'ChargeDescription', 'x_DetailIndex', 'x_ChargeDetails'),
    ).toEqual([[charge.padEnd(4, '0'), 'Video room session', '', JSON.stringify(details)]]);
    expect(await noticesOf(options)).toEqual([
      '1 log has charge details that do not add up to its charge. The charge counts; nothing is to be done.',
    ]);
  });

  test.each([
    ['an empty list', [], '[]'],
    ['null', null, ''],
  ])('is made for the whole log, without a notice, if the details are %s', async (_case, details, text) => {
    const options = { more: { charge_details: details } };
    expect(await cells(options, 'BilledCost', 'x_ChargeDetails')).toEqual([['0.10', text]]);
    expect(await noticesOf(options)).toEqual([]);
  });

  test('is not made while the charge is not known', async () => {
    expect(await itemsOf({ charge: 'null', status: 'in-progress' })).toEqual([]);
  });

  test('lasts at least a second, and begins at the creation if no start is known', async () => {
    const times = ['ChargePeriodStart', 'ChargePeriodEnd'] as const;
    const createdAt = '2026-11-22T12:00:00.600Z';
    expect(await cells({ createdAt, startedAt: null, endedAt: null }, ...times)).toEqual([
      ['2026-11-22T12:00:00Z', '2026-11-22T12:00:01Z'],
    ]);
    expect(await cells({ createdAt, startedAt: createdAt, endedAt: createdAt }, ...times)).toEqual([
      ['2026-11-22T12:00:00Z', '2026-11-22T12:00:01Z'],
    ]);
  });

  test.each([
    ['2026-11-22T12:05:41Z', '2026-11-22T12:05:41Z'],
    ['2026-11-22T12:05:41.000Z', '2026-11-22T12:05:41Z'],
    ['2026-11-22T12:05:41.001Z', '2026-11-22T12:05:42Z'],
    ['2026-11-22T12:05:41.000400Z', '2026-11-22T12:05:42Z'],
    ['2026-11-22T14:05:41.000000001+02:00', '2026-11-22T12:05:42Z'],
  ])('of a session that ended at %s lasts until %s', async (endedAt, end) => {
    expect(
      await cells({ startedAt: '2026-11-22T12:00:00.9Z', endedAt }, 'ChargePeriodStart', 'ChargePeriodEnd'),
    ).toEqual([['2026-11-22T12:00:00Z', end]]);
  });

  test('calls a conference a conference, and keeps unknown values as they come', async () => {
    expect(await cells({ more: { type: 'video_conference_session' } }, 'ChargeDescription')).toEqual([
      ['Video conference session'],
    ]);
    expect(
      await cells({ more: { type: 'hologram', locked: null, url: 5 } }, 'x_LogType', 'x_Locked', 'x_Url'),
    ).toEqual([['hologram', '', '5']]);
  });

  test('accepts the names of times from older pages of the documentation', async () => {
    const more = { start_time: '2026-11-22T12:01:00Z', end_time: '2026-11-22T12:02:00Z' };
    expect(
      await cells({ startedAt: null, endedAt: null, more }, 'x_StartedAt', 'x_EndedAt', 'ChargePeriodEnd'),
    ).toEqual([['2026-11-22T12:01:00Z', '2026-11-22T12:02:00Z', '2026-11-22T12:02:00Z']]);
  });
});
