import * as z from 'zod';
import { type BillingDay, billingDay, dayBefore, isCalendarDay, isOver } from './billing-day.ts';
import { InvalidEventError } from './errors.ts';
import { withoutTokens } from './masking.ts';

/** What a run is asked to do, with the billing day that it is about. */
export type Task =
  /** The morning's run, or a press of the console's Test button. */
  | { readonly kind: 'scheduled'; readonly billingDay: BillingDay }
  /** One day on request; if `email` is false, it is only archived. */
  | { readonly kind: 'day'; readonly billingDay: BillingDay; readonly email: boolean }
  /** Read an archived day again. */
  | { readonly kind: 'restate'; readonly billingDay: BillingDay }
  /** Mail an archived day again. */
  | { readonly kind: 'resend'; readonly billingDay: BillingDay; readonly reason: string };

// There was no SignalWire to bill anything before; an earlier year is a typing error.
const day = z.string().refine((text) => isCalendarDay(text) && text >= '2000');

// One line of printable text: it appears in a mail.
const reason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u);

const instant = z.iso.datetime({ offset: true }).refine((text) => text >= '2000-01-02');

const scheduledEvent = z.strictObject({ scheduledTime: instant.optional() });
const dayEvent = z.strictObject({ day, email: z.literal(false).optional() });
const restateEvent = z.strictObject({ day, restate: z.literal(true) });
const resendEvent = z.strictObject({ day, resend: reason });

/**
 * Reads an event.
 *
 * @param event what the function was invoked with
 * @param timeZone IANA zone of the billing day
 * @param now milliseconds since the epoch
 * @throws InvalidEventError if the event has none of the forms above, or its day is not over yet
 */
export function readEvent(event: unknown, timeZone: string, now: number): Task {
  const task = parse(event, timeZone, now);
  if (task === null) {
    throw new InvalidEventError(
      `Unknown event: ${excerpt(event)}. Send {}, {"scheduledTime":"2026-11-23T06:00:00Z"} or ` +
        '{"day":"2026-11-22"}, the last also with "email":false, "restate":true or "resend":"reason".',
    );
  }
  if (!isOver(task.billingDay, now)) {
    throw new InvalidEventError(
      `${task.billingDay.day} is not over yet in ${timeZone}. Ask for an earlier day, ` +
        `such as {"day":"${dayBefore(now, timeZone).day}"}.`,
    );
  }
  return task;
}

function parse(event: unknown, timeZone: string, now: number): Task | null {
  const scheduled = scheduledEvent.safeParse(event);
  if (scheduled.success) {
    const { scheduledTime } = scheduled.data;
    const instant = scheduledTime === undefined ? now : Date.parse(scheduledTime);
    return { kind: 'scheduled', billingDay: dayBefore(instant, timeZone) };
  }
  const single = dayEvent.safeParse(event);
  if (single.success) {
    return {
      kind: 'day',
      billingDay: billingDay(single.data.day, timeZone),
      email: single.data.email ?? true,
    };
  }
  const restate = restateEvent.safeParse(event);
  if (restate.success) {
    return { kind: 'restate', billingDay: billingDay(restate.data.day, timeZone) };
  }
  const resend = resendEvent.safeParse(event);
  if (resend.success) {
    const { day, resend: reason } = resend.data;
    return { kind: 'resend', billingDay: billingDay(day, timeZone), reason };
  }
  return null;
}

function excerpt(event: unknown): string {
  // JSON.stringify returns undefined for undefined, whatever its type says.
  const text = (JSON.stringify(event) as string | undefined) ?? String(event);
  const safe = withoutTokens(text);
  return safe.length > 200 ? `${safe.slice(0, 200)}…` : safe;
}
