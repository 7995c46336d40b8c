// Runs in the child process of lambda-process.ts, in place of Lambda's runtime: loads the bundle from the working
// directory and handles one invocation at a time. Plain JavaScript, so that any supported Node runs it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [startInstant, endMark] = process.argv.slice(2);

if (startInstant !== '') setClock(new Date(startInstant).getTime());

// If the bundle fails to load, every invocation fails with that error, as on Lambda.
const loading = import(pathToFileURL(join(process.cwd(), 'index.mjs')).href);
loading.then(
  () => process.send({ ready: true }),
  () => process.send({ ready: true }),
);

process.on('message', ({ event, requestId, remainingMs }) => {
  invoke(event, requestId, remainingMs).then((outcome) => {
    // Printed after everything else, so that whoever reads these lines has the invocation's whole output.
    process.stdout.write(`${endMark}\n`);
    process.stderr.write(`${endMark}\n`);
    process.send({ outcome });
  });
});
process.on('disconnect', () => process.exit());

async function invoke(event, requestId, remainingMs) {
  // The monotonic clock, which does not depend on the changed Date.
  const deadline = performance.now() + remainingMs;
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: `arn:aws:lambda:${process.env.AWS_REGION}:123456789012:function:${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
  };
  try {
    const { handler } = await loading;
    const result = await handler(event, context);
    // Lambda sends the answer as JSON; undefined becomes null.
    return { result: JSON.parse(JSON.stringify(result ?? null)) };
  } catch (error) {
    if (!(error instanceof Error))
      return { error: { name: typeof error, message: String(error), stack: '' } };
    return { error: { name: error.name, message: error.message, stack: error.stack ?? '' } };
  }
}

/** Makes Date start at the given time and run on from there. */
function setClock(start) {
  const RealDate = Date;
  const offset = start - RealDate.now();
  const now = () => RealDate.now() + offset;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, parameters, newTarget) =>
      Reflect.construct(target, parameters.length === 0 ? [now()] : parameters, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, property) => (property === 'now' ? now : Reflect.get(target, property)),
  });
  RealDate.prototype.constructor = globalThis.Date;
}
