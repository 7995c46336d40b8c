import type { Answer, RunObserver } from './daily-report.ts';
import type { Task } from './event.ts';
import { type FailedDay, FailedDaysError } from './failed-days.ts';
import { isDelivered, type Report } from './single-day.ts';
import { logger, publishMetrics, type RunFigures } from './telemetry.ts';

/** Records what a run does: in the log at once, and as metrics at its end, even if it fails. */
export class RunRecord implements RunObserver {
  readonly figures: RunFigures = {
    usage: { requests: 0, retries: 0 },
    apiMilliseconds: 0,
    lookBackFailures: 0,
    restatements: 0,
    delivered: [],
    yesterdayDelivered: false,
  };
  readonly #requestId: string;
  /** Null until the event has been read. */
  #task: Task | null = null;

  /** @param requestId of the invocation */
  constructor(requestId: string) {
    this.#requestId = requestId;
  }

  begin(task: Task): void {
    this.#task = task;
  }

  onPage(milliseconds: number): void {
    this.figures.apiMilliseconds += milliseconds;
  }

  onNotice(notice: string): void {
    logger.warn(notice, this.#labels);
  }

  onRestated(): void {
    this.figures.restatements += 1;
  }

  onFailure(day: string, error: unknown): void {
    this.#logFailedDay(`${day} could not be read again`, day, error);
    this.figures.lookBackFailures += 1;
  }

  onStillMissed({ day, error }: FailedDay): void {
    this.#logFailedDay(`${day} was missed and could not be reported now either`, day, error);
  }

  onReported(report: Report): void {
    if (report.status === 'delivered') this.figures.delivered.push(report);
    const isYesterday = this.#task?.kind === 'scheduled' && report.day === this.#task.billingDay.day;
    if (isYesterday && isDelivered(report)) this.figures.yesterdayDelivered = true;
  }

  done(answer: Answer): void {
    logger.info('The run is done', { ...this.#labels, ...answer });
  }

  failed(error: unknown): void {
    // If several days were to be reported, the message names those that failed.
    const day = error instanceof FailedDaysError ? undefined : this.#task?.billingDay.day;
    logger.error('The run failed', { ...this.#labels, day, error: error as Error });
  }

  publish(): void {
    publishMetrics(this.figures);
  }

  get #labels(): { requestId: string; task: string | undefined } {
    return { requestId: this.#requestId, task: this.#task?.kind };
  }

  #logFailedDay(message: string, day: string, error: unknown): void {
    logger.error(message, { ...this.#labels, day, error: error as Error });
  }
}
