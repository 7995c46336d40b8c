import type * as z from 'zod';

/**
 * What is wrong with a value's shape, field by field, on one line.
 *
 * @param whole what to call the value itself
 */
export function shapeProblems(error: z.ZodError, whole: string): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || whole}: ${message}`).join('; ');
}
