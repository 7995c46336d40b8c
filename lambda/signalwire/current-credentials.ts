import type { Credentials, ReadCredentials } from './credentials.ts';

/** The credentials in use, shared by all requests in flight. */
export class CurrentCredentials {
  readonly #read: ReadCredentials;
  #current: Credentials | null = null;
  #reading: Promise<Credentials> | null = null;

  constructor(read: ReadCredentials) {
    this.#read = read;
  }

  /** The credentials in use; read when they are first needed. */
  async get(): Promise<Credentials> {
    return this.#current ?? this.#readAnew();
  }

  /**
   * The credentials to use after some were refused: others if there are any by now, otherwise the same. They are read
   * once, however many requests are refused at the same time.
   */
  async after(refused: Credentials): Promise<Credentials> {
    return this.#current !== null && !isSame(this.#current, refused) ? this.#current : this.#readAnew();
  }

  #readAnew(): Promise<Credentials> {
    this.#reading ??= this.#read()
      .then((credentials) => (this.#current = credentials))
      .finally(() => (this.#reading = null));
    return this.#reading;
  }
}

export function isSame(one: Credentials, other: Credentials): boolean {
  return one.projectId === other.projectId && one.apiToken === other.apiToken;
}
