import * as z from 'zod';
import { parseJsonOrNull } from '../../lambda/json.ts';
import type { Answer } from '../../lambda/daily-report.ts';

const reportShape = z.object({
  day: z.string(),
  status: z.enum(['delivered', 'already-delivered', 'archived', 'delivery-in-progress']),
  revision: z.int(),
  rooms: z.int(),
  sessions: z.int(),
  charge: z.string(),
  currency: z.string(),
});

const restatementShape = z.object({
  day: z.string(),
  revision: z.int(),
  before: z.string(),
  after: z.string(),
});

const answerShape = z.object({
  reports: z.tuple([reportShape], reportShape),
  restated: z.array(restatementShape),
}) satisfies z.ZodType<Answer>;

/** What the deployed function answers: the parts of `Answer` that the operator is shown. */
export type FunctionAnswer = z.infer<typeof answerShape>;
export type FunctionReport = z.infer<typeof reportShape>;

/** @returns null if the text is not such an answer */
export function parseAnswer(text: string): FunctionAnswer | null {
  const answer = answerShape.safeParse(parseJsonOrNull(text));
  return answer.success ? answer.data : null;
}

const failureShape = z.object({
  errorType: z.string().default('UnnamedError'),
  errorMessage: z.string(),
});

/** Reads what Lambda answers for a function that failed. If the runtime died, there may be no type, or no JSON. */
export function parseFailure(text: string): { name: string; message: string } {
  const failure = failureShape.safeParse(parseJsonOrNull(text));
  return failure.success
    ? { name: failure.data.errorType, message: failure.data.errorMessage }
    : { name: 'UnnamedError', message: text };
}
