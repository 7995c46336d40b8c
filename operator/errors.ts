/**
 * The command line asks for something that can't be done, or what the command needs on this machine is not there.
 * Nothing was started.
 */
export class InvalidArgumentsError extends Error {
  override readonly name = 'InvalidArgumentsError';
}
