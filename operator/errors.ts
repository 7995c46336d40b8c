/** What was asked on the command line can't be done as it stands. Nothing was begun. */
export class InvalidArgumentsError extends Error {
  override readonly name = 'InvalidArgumentsError';
}
