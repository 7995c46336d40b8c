import { readFileSync } from 'node:fs';

/** What every client is started with, as JSON in its first argument. */
export interface Assignment {
  /** Origin. */
  readonly spaceUrl: string;
  /** UTC date to be read. */
  readonly date: string;
  readonly projectId: string;
  readonly apiToken: string;
}

/** What a client has found out. */
export interface Finding {
  /** Decimal text. Null: it did not add anything up. */
  readonly charge: string | null;
  /** room-charges.csv, where it made one. */
  readonly roomCharges?: string;
}

/** What a client prints when it is done, in one line of JSON, its last. */
export interface Measurement extends Finding {
  readonly seconds: number;
  /** Of the same time, user and system. */
  readonly cpuSeconds: number;
  /** The largest resident set of the process, in megabytes as Lambda counts them (1,048,576 bytes). */
  readonly peakRssMb: number;
}

/** Does a client's work, which begins when everything is loaded, and prints what it took. */
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
 * `maxRSS` alone won't do where the kernel tells better: it begins with what the process had in memory that started
 * this one.
 */
function peakRssMb(): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}

/** Where the list begins. */
export function firstPage({ spaceUrl, date }: Assignment): string {
  return `${spaceUrl}/api/video/logs?created_on=${date}&include_deleted=true&page_size=1000`;
}

export function authorization({ projectId, apiToken }: Assignment): string {
  return `Basic ${Buffer.from(`${projectId}:${apiToken}`).toString('base64')}`;
}
