import type { Credentials, ReadCredentials } from './credentials.ts';

/** The credentials in use, which requests share that are on their way at the same time. */
export class CurrentCredentials {
  readonly #read: ReadCredentials;
  #current: Credentials | null = null;
  #reading: Promise<Credentials> | null = null;

  constructor(read: ReadCredentials) {
    this.#read = read;
  }

  /** Those in use; read when they are first needed. */
  async get(): Promise<Credentials> {
    return this.#current ?? this.#readAnew();
  }

  /**
   * Those to go on with after some were refused: others if there are any by now, else the same. However many requests
   * are refused at once, they are read once.
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
