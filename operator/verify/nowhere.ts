import { createHash } from 'node:crypto';
import type { ObjectStore, Upload } from '../../lambda/archive/object-store.ts';

/** Takes files, returns their size and hash, and keeps nothing. */
export const NOWHERE: Pick<ObjectStore, 'upload'> = { upload: () => new LostUpload() };

class LostUpload implements Upload {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  write(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    return Promise.resolve();
  }

  close(): ReturnType<Upload['close']> {
    return Promise.resolve({ sha256: this.#hash.digest('hex'), bytes: this.#bytes });
  }

  complete(): Promise<null> {
    return Promise.resolve(null);
  }

  abort(): Promise<void> {
    return Promise.resolve();
  }
}
