import { afterEach } from '@jest/globals';
import { type Cloud, IDENTITY, PROJECT_ID, API_TOKEN, startCloud } from '../../../local/cloud.ts';
import { type LambdaServer, startLambdaServer } from '../../../local/lambda-server.ts';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import { sessionLog } from '../../support/logs.ts';

export const FUNCTION = 'video-cost-report';

/** The time at which the function runs in these tests; the tool itself uses the real clock. */
const SIX_O_CLOCK = '2026-11-23T06:00:00Z';

export const DAYS = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'] as const;

/** Two sessions a day, which cost 0.25 and 1.10. */
export const LOGS: readonly SignalWireLog[] = DAYS.flatMap((day) => [
  sessionLog(`${day} standup`, { createdAt: `${day}T09:00:00Z`, charge: '0.25' }),
  sessionLog(`${day} retro`, { createdAt: `${day}T15:00:00Z`, charge: '1.10', room: 'retro' }),
]);

/** The synthesized bundle behind a Lambda server, everything it talks to, and how an operator reaches them. */
export interface Deployed {
  readonly cloud: Cloud;
  readonly lambda: LambdaServer;
  /** The operator's: AWS endpoints and credentials, the function's name, SignalWire's credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** The events that the function was invoked with, in order. */
  events(): unknown[];
}

const openings: Pick<Deployed, 'cloud' | 'lambda'>[] = [];

afterEach(async () => {
  for (const { cloud, lambda } of openings.splice(0)) {
    await lambda.close();
    await cloud.close();
  }
});

/** Deploys the function for one test. */
export async function deploy(options: { readonly concurrency?: number } = {}): Promise<Deployed> {
  const assetDir = process.env['BUNDLE_UNDER_TEST'];
  if (assetDir === undefined)
    throw new Error('No bundle: run the tests with the project’s jest configuration');
  const cloud = await startCloud({ logs: LOGS, clock: SIX_O_CLOCK });
  const container = { assetDir, environment: cloud.environment(), clock: SIX_O_CLOCK };
  const lambda = await startLambdaServer({
    ...IDENTITY,
    functions: { [FUNCTION]: container },
    ...options,
  });
  openings.push({ cloud, lambda });
  return {
    cloud,
    lambda,
    environment: {
      ...cloud.environment(),
      AWS_ENDPOINT_URL_LAMBDA: lambda.url,
      REPORT_FUNCTION: FUNCTION,
      SIGNALWIRE_PROJECT_ID: PROJECT_ID,
      SIGNALWIRE_API_TOKEN: API_TOKEN,
    },
    events: () => lambda.requests.map(({ body }) => JSON.parse(body.toString()) as unknown),
  };
}

/** Makes SignalWire refuse every request for a day. */
export function refuseDay({ cloud }: Deployed, day: string): void {
  cloud.signalWire.intercept = ({ url }, response) => {
    if (!url.includes(`created_on=${day}`)) return false;
    response.writeHead(403, { 'content-type': 'application/json' }).end('{"error":"Forbidden"}');
    return true;
  };
}
