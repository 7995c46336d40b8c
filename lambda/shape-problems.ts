import type * as z from 'zod';

/**
 * What is wrong with a value's shape, field by field, on one line.
 *
 * @param whole what the value itself is called
 */
export function shapeProblems(error: z.ZodError, whole: string): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || whole}: ${message}`).join('; ');
}
