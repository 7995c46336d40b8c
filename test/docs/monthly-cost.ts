import { Big } from 'big.js';
import { PRICES } from '../../bench/cost/prices.ts';
import { PART_BYTES } from '../../lambda/archive/s3-upload.ts';

/** The assumptions for a month; docs/cost.md says where each comes from. */
const DAYS = 30;
const RUNS_A_DAY = 18;
const RECIPIENTS = 5;
const MEMORY_GB = 0.5;
const PAGE_SESSIONS = 1000;
const SECONDS_A_PAGE = 1;
const LOOKBACK_DAYS = 7;
const LONGEST_RUN_SECONDS = 900;
const SECONDS_AN_IDLE_RUN = 2;
const ARCHIVED_BYTES_A_SESSION = 650;
const WRITES_A_DAY = 12;
const READS_A_DAY = 100;
const LOG_GB = '0.05';

/** How many of each the stack has; the test takes them from the template and a run. */
export interface Inventory {
  readonly metrics: number;
  readonly alarmMetrics: number;
  readonly dashboards: number;
  readonly secrets: number;
}

interface Line {
  readonly name: string;
  readonly cost: (sessionsADay: number) => Big;
}

function lines({ metrics, alarmMetrics, dashboards, secrets }: Inventory): Line[] {
  const fixed = (name: string, cost: Big): Line => ({ name, cost: () => cost });
  return [
    fixed(`CloudWatch: ${metrics} metrics`, new Big(PRICES.customMetric).times(metrics)),
    fixed(`CloudWatch: ${alarmMetrics} alarms`, new Big(PRICES.alarmMetric).times(alarmMetrics)),
    fixed(`CloudWatch: ${dashboards} dashboard`, new Big(PRICES.dashboard).times(dashboards)),
    fixed('CloudWatch: log', new Big(PRICES.logGb).times(LOG_GB)),
    fixed(`Secrets Manager: ${secrets} secret`, new Big(PRICES.secret).times(secrets)),
    { name: 'Lambda', cost: lambda },
    { name: 'S3: storage, after a year', cost: storage },
    { name: 'S3: requests', cost: s3Requests },
    fixed(
      `SES: ${RECIPIENTS} recipients`,
      new Big(PRICES.sesThousandMails).times(DAYS * RECIPIENTS).div(1000),
    ),
  ];
}

function lambda(sessionsADay: number): Big {
  const pages = Math.ceil(sessionsADay / PAGE_SESSIONS);
  const reading = Math.min(LONGEST_RUN_SECONDS, pages * (1 + LOOKBACK_DAYS) * SECONDS_A_PAGE);
  const seconds = DAYS * (reading + (RUNS_A_DAY - 1) * SECONDS_AN_IDLE_RUN);
  const requests = new Big(PRICES.lambdaMillionRequests).times(DAYS * RUNS_A_DAY).div(1e6);
  return new Big(PRICES.lambdaGbSecondArm).times(seconds).times(MEMORY_GB).plus(requests);
}

function storage(sessionsADay: number): Big {
  return new Big(sessionsADay).times(ARCHIVED_BYTES_A_SESSION).times(365).div(1e9).times(PRICES.s3GbMonth);
}

/** Long days are uploaded in parts each time they are read, though the upload is completed only if something changed. */
function s3Requests(sessionsADay: number): Big {
  const parts = Math.floor((sessionsADay * ARCHIVED_BYTES_A_SESSION) / PART_BYTES) * (1 + LOOKBACK_DAYS);
  const writes = new Big(PRICES.s3ThousandWrites).times(DAYS * (WRITES_A_DAY + parts)).div(1000);
  return writes.plus(new Big(PRICES.s3ThousandReads).times(DAYS * READS_A_DAY).div(1000));
}

const SIZES = [1000, 100_000, 1_000_000];

/** The table of docs/cost.md, one array per row: heading, lines, total. */
export function costTable(inventory: Inventory): string[][] {
  const all = lines(inventory);
  const row = (name: string, costs: Big[]): string[] => [name, ...costs.map((cost) => cost.toFixed(2))];
  return [
    ['US dollars a month', ...SIZES.map((size) => `${size.toLocaleString('en-US')} sessions a day`)],
    ...all.map(({ name, cost }) =>
      row(
        name,
        SIZES.map((size) => cost(size)),
      ),
    ),
    row(
      '**Total**',
      SIZES.map((size) => all.reduce((sum, { cost }) => sum.plus(cost(size)), new Big(0))),
    ),
  ];
}
