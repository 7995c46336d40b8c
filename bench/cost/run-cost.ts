import { Big } from 'big.js';
import { RESERVED_MS } from '../../lambda/deadline.ts';
import type { Pace } from './pace.ts';
import { PRICES } from './prices.ts';

/** The conditions of a run: its memory, and how SignalWire answers. */
export interface RunConditions {
  readonly memoryMb: number;
  /** How long SignalWire takes to send a page. */
  readonly latencyMs: number;
  /** How many pages are requested at the same time: 1, or the number of windows. */
  readonly inFlight: number;
}

/** From this memory on a function has a whole core; below, a share of one (AWS Lambda Developer Guide, "Memory"). */
const FULL_CORE_MB = 1769;
const PAGE_LOGS = 1000;
const LONGEST_RUN_SECONDS = 900;
/** How long reading may take, so that enough time is left for the archive. */
const READING_SECONDS = LONGEST_RUN_SECONDS - RESERVED_MS.archive / 1000;

/**
 * How long a run takes, in seconds. It waits for the first page; after that the next pages arrive while one is being
 * processed, and the slower of the two sets the pace.
 */
export function runSeconds(
  logs: number,
  conditions: RunConditions,
  { fixedSeconds, secondsAPage }: Pace,
): number {
  const share = coreShare(conditions);
  const pages = Math.max(1, Math.ceil(logs / PAGE_LOGS));
  const firstPage = conditions.latencyMs / 1000 + secondsAPage / share;
  return fixedSeconds / share + firstPage + (pages - 1) * secondsAFurtherPage(conditions, secondsAPage);
}

/** What such a run costs, in dollars: Lambda's compute time and its request. */
export function runCost(seconds: number, { memoryMb }: RunConditions): Big {
  const time = new Big(PRICES.lambdaGbSecondArm).times(memoryMb).div(1024).times(seconds);
  return time.plus(new Big(PRICES.lambdaMillionRequests).div(1e6));
}

/** Whether a run of this many seconds ends in time. */
export function fits(seconds: number): boolean {
  return seconds <= READING_SECONDS;
}

/** The largest day, in logs, whose run ends in time. */
export function largestDay(conditions: RunConditions, pace: Pace): number {
  const left = READING_SECONDS - runSeconds(PAGE_LOGS, conditions, pace);
  return PAGE_LOGS * (1 + Math.floor(left / secondsAFurtherPage(conditions, pace.secondsAPage)));
}

function secondsAFurtherPage(conditions: RunConditions, secondsAPage: number): number {
  const { latencyMs, inFlight } = conditions;
  return Math.max(latencyMs / 1000 / inFlight, secondsAPage / coreShare(conditions));
}

function coreShare({ memoryMb }: RunConditions): number {
  return Math.min(1, memoryMb / FULL_CORE_MB);
}
