/** The command line asks for something that can't be done. Nothing was started. */
export class InvalidArgumentsError extends Error {
  override readonly name = 'InvalidArgumentsError';
}
