/** The function ran and failed; name and message are its own. */
export class FunctionFailedError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** Lambda did not run the function, and would not run it for any other day either. */
export class InvocationRefusedError extends Error {
  override readonly name = 'InvocationRefusedError';
}

/** The answer was lost: the function may have run, or may still be running. */
export class InvocationLostError extends Error {
  override readonly name = 'InvocationLostError';
}
