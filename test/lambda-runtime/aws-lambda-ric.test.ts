import { afterEach, describe, expect, test } from '@jest/globals';
import { BUCKET, type Cloud, startCloud } from '../../local/cloud.ts';
import { sessionLog } from '../support/logs.ts';
import { RIC, startContainer } from './container.ts';

// The clock is real here, so the day is one that is long over.
const DAY = '2024-02-29';
const EVENT = { day: DAY };
const REPORT = { day: DAY, revision: 1, rooms: 1, sessions: 1, charge: '0.10', currency: 'USD' };

const clouds: Cloud[] = [];

afterEach(async () => {
  for (const cloud of clouds.splice(0)) await cloud.close();
});

async function openCloud(): Promise<Cloud> {
  const cloud = await startCloud({ logs: [sessionLog('only', { createdAt: `${DAY}T12:00:00Z` })] });
  clouds.push(cloud);
  return cloud;
}

const isBuilt = RIC !== '';
const remark = isBuilt ? '' : ' (skipped: LAMBDA_RIC is not set; scripts/lambda-runtime.sh builds it)';

(isBuilt ? describe : describe.skip)(`the bundle under Lambda's own runtime client${remark}`, () => {
  test('is cold the first time, and warm the second time', async () => {
    const cloud = await openCloud();
    const container = await startContainer(cloud);
    expect(await container.invoke(EVENT)).toEqual({
      result: { reports: [{ ...REPORT, status: 'delivered', messageId: expect.any(String) }], restated: [] },
      error: null,
    });
    expect(await container.invoke(EVENT)).toMatchObject({
      result: { reports: [{ ...REPORT, status: 'already-delivered' }] },
    });
    // Only the first invocation has read the secret.
    expect(cloud.secretsManager.requests).toHaveLength(1);

    const another = await startContainer(cloud);
    expect(another.pid).not.toBe(container.pid);
    expect(await another.invoke(EVENT)).toMatchObject({
      result: { reports: [{ status: 'already-delivered' }] },
    });
    expect(cloud.ses.outbox).toHaveLength(1);
  });

  test('reports the name of an error that was thrown, and goes on', async () => {
    const container = await startContainer(await openCloud());
    const { result, error } = await container.invoke({ day: 'yesterday' });
    expect(result).toBeNull();
    expect(error).toMatchObject({
      errorType: 'InvalidEventError',
      errorMessage: expect.stringContaining('Unknown event: {"day":"yesterday"}.'),
    });
    expect(await container.invoke(EVENT)).toMatchObject({
      result: { reports: [{ status: 'delivered' }] },
    });
  });

  test('ends by itself with a named error before its time is over', async () => {
    const cloud = await openCloud();
    const container = await startContainer(cloud);
    const { error } = await container.invoke(EVENT, 5000);
    expect(error).toMatchObject({ errorType: 'OutOfTimeError' });
    expect(cloud.s3.bucket(BUCKET).keys()).toEqual([]);
  });

  test('leaves nothing half done if Lambda ends it, and the next container does the rest', async () => {
    const cloud = await openCloud();
    const asked = new Promise<void>((settle) => {
      // SignalWire accepts the request, but never answers.
      cloud.signalWire.intercept = () => {
        settle();
        return true;
      };
    });
    const container = await startContainer(cloud);
    const lost = container.invoke(EVENT);
    await asked;
    await container.kill();
    await expect(lost).rejects.toThrow('The process has ended');
    expect(cloud.s3.bucket(BUCKET).keys()).toEqual([]);

    cloud.signalWire.intercept = null;
    const next = await startContainer(cloud);
    expect(await next.invoke(EVENT)).toMatchObject({ result: { reports: [{ status: 'delivered' }] } });
    expect(cloud.ses.outbox).toHaveLength(1);
  });
});
