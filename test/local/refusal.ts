/** How a call to an AWS service was refused. */
export interface Refusal {
  readonly name: string;
  readonly status: number | undefined;
}

/**
 * The refusal with which a call of an SDK client ends.
 *
 * @throws Error if the call succeeds
 */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome.status === 'fulfilled') throw new Error('The call was not refused');
  const { name, $metadata } = outcome.reason as { name: string; $metadata?: { httpStatusCode?: number } };
  return { name, status: $metadata?.httpStatusCode };
}
