import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Written } from '../../lambda/archive/object-store.ts';

/** Ends the names of files that are still being written: if a write is interrupted, its file does not count. */
export const UNFINISHED = '.unfinished';

/** A file that has another name until it is whole: under its own name it is either whole or absent. */
export class UnfinishedFile {
  readonly #path: string;
  readonly #unfinished: string;
  readonly #hash = createHash('sha256');
  #handle: FileHandle | null = null;
  #bytes = 0;
  #written: Written | null = null;

  constructor(path: string) {
    this.#path = path;
    this.#unfinished = `${path}.${randomUUID()}${UNFINISHED}`;
  }

  async write(bytes: Buffer): Promise<void> {
    const handle = await this.#open();
    await handle.writeFile(bytes);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  /** May be called again; returns the same. */
  async close(): Promise<Written> {
    if (this.#written !== null) return this.#written;
    const handle = await this.#open();
    await handle.close();
    this.#written = { sha256: this.#hash.digest('hex'), bytes: this.#bytes };
    return this.#written;
  }

  /** @returns false if the name is taken: linking then fails, which renaming would not */
  async becomeNew(): Promise<boolean> {
    try {
      await link(this.#unfinished, this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    await this.remove();
    return true;
  }

  async replace(): Promise<void> {
    await rename(this.#unfinished, this.#path);
  }

  /** Never throws: it is called after failures, which it must not hide. */
  async remove(): Promise<void> {
    try {
      await this.#handle?.close();
      await rm(this.#unfinished, { force: true });
    } catch {
      // A leftover under this name does not count.
    }
  }

  async #open(): Promise<FileHandle> {
    if (this.#handle === null) {
      await mkdir(dirname(this.#path), { recursive: true });
      this.#handle = await open(this.#unfinished, 'wx');
    }
    return this.#handle;
  }
}
