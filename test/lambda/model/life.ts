/** The number of the outside call at which a run is killed, and whether that call still takes effect. */
export interface Death {
  readonly atCall: number;
  readonly takesEffect: boolean;
}

/** What becomes of a run: it ends, or it vanishes at an outside call, as when Lambda's host dies. */
export type End<T> =
  | { readonly kind: 'ended'; readonly result: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'died' };

/**
 * The life of one run. Every outside call of the run passes through it. Once the run is dead, no call returns any more:
 * none of its `catch` and `finally` blocks run, as in a process that is gone.
 */
export class Life {
  readonly #death: Death | null;
  /** How many turns the other runs get before each call; repeated from the start when used up. */
  readonly #pauses: readonly number[];
  readonly #died = Promise.withResolvers<End<never>>();
  /** The number of calls made. */
  calls = 0;

  constructor(death: Death | null, pauses: readonly number[]) {
    this.#death = death;
    this.#pauses = pauses;
  }

  async live<T>(run: () => Promise<T>): Promise<End<T>> {
    const ended = run().then(
      (result): End<T> => ({ kind: 'ended', result }),
      (error: unknown): End<T> => ({ kind: 'failed', error }),
    );
    return Promise.race([ended, this.#died.promise]);
  }

  async call<T>(effect: () => Promise<T>): Promise<T> {
    const number = (this.calls += 1);
    for (let turn = this.#pauses[number % this.#pauses.length] ?? 0; turn > 0; turn -= 1)
      await Promise.resolve();
    if (this.#death !== null && number > this.#death.atCall) return forEver();
    const isLast = number === this.#death?.atCall;
    if (isLast && !this.#death.takesEffect) return this.#die();
    const result = await effect();
    return isLast ? this.#die() : result;
  }

  #die(): Promise<never> {
    this.#died.resolve({ kind: 'died' });
    return forEver();
  }
}

function forEver(): Promise<never> {
  return new Promise(() => undefined);
}
