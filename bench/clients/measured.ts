import { readFileSync } from 'node:fs';

/** What every client gets, as JSON in its first argument. */
export interface Assignment {
  /** Origin. */
  readonly spaceUrl: string;
  /** UTC date to read. */
  readonly date: string;
  readonly projectId: string;
  readonly apiToken: string;
}

/** What a client found. */
export interface Finding {
  /** Decimal text; null if it did not add anything up. */
  readonly charge: string | null;
  /** room-charges.csv, if it made one. */
  readonly roomCharges?: string;
}

/** What a client prints when it is done, as JSON on its last line. */
export interface Measurement extends Finding {
  readonly seconds: number;
  /** CPU time in the same period, user and system. */
  readonly cpuSeconds: number;
  /** The largest resident set of the process, in megabytes as Lambda counts them (1,048,576 bytes). */
  readonly peakRssMb: number;
}

/** Does a client's work, and prints the time and memory it took. Loading the client does not count. */
export async function measured(work: (assignment: Assignment) => Promise<Finding>): Promise<void> {
  const assignment = JSON.parse(process.argv[2] ?? '') as Assignment;
  const started = performance.now();
  const startedCpu = process.cpuUsage();
  const finding = await work(assignment);
  const { user, system } = process.cpuUsage(startedCpu);
  const measurement: Measurement = {
    ...finding,
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakRssMb: peakRssMb(),
  };
  console.log(JSON.stringify(measurement));
}

/**
 * From /proc if possible, as `maxRSS` begins with the memory of the process that started this one.
 */
function peakRssMb(): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}

/** URL of the first page of the list. */
export function firstPage({ spaceUrl, date }: Assignment): string {
  return `${spaceUrl}/api/video/logs?created_on=${date}&include_deleted=true&page_size=1000`;
}

export function authorization({ projectId, apiToken }: Assignment): string {
  return `Basic ${Buffer.from(`${projectId}:${apiToken}`).toString('base64')}`;
}
