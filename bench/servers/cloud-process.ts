// Runs in its own process: S3, SES and Secrets Manager for one run of the job. To any message it replies with what the
// run left behind.
import { BUCKET, IDENTITY, startCloud } from '../../local/cloud.ts';
import { lineItemsKey, manifestKey, roomChargesKey } from '../../lambda/archive/layout.ts';
import { DATE } from '../day.ts';
import { type ArchivedRun, scanLineItems } from '../archived-run.ts';
import { SinkS3Server } from './sink-s3.ts';

/** Enough for the line items of the longest logs that a day of the benchmark has. */
const LINE_ITEM_BYTES_A_LOG = 800;

const [spaceUrl, logs] = process.argv.slice(2);
if (spaceUrl === undefined) throw new Error('Usage: cloud-process.ts <origin of the space> <number of logs>');
const cloud = await startCloud();
const s3 = await new SinkS3Server({ ...IDENTITY, buckets: [BUCKET] }).listen();
s3.reserve(Number(logs) * LINE_ITEM_BYTES_A_LOG);

process.on('message', () => {
  const bucket = s3.bucket(BUCKET);
  const run: ArchivedRun = {
    manifest: bucket.text(manifestKey(DATE)),
    roomCharges: bucket.text(roomChargesKey(DATE)),
    lineItems: scanLineItems(bucket.bytes(lineItemsKey(DATE))),
    mails: cloud.ses.outbox.length,
  };
  process.send?.(run);
});
process.on('disconnect', () => process.exit());
process.send?.(cloud.environment({ AWS_ENDPOINT_URL_S3: s3.url, SIGNALWIRE_SPACE_URL: spaceUrl }));
