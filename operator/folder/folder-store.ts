import { createReadStream } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type {
  Condition,
  ObjectStore,
  Stored,
  StoredObject,
  Upload,
} from '../../lambda/archive/object-store.ts';
import { sha256, sha256OfChunks } from '../../lambda/archive/sha256.ts';
import { ArchiveError } from '../../lambda/errors.ts';
import { UNFINISHED, UnfinishedFile } from './unfinished-file.ts';

/** An archive in a folder: the keys are paths. It keeps no versions, and is meant for one run at a time. */
export class FolderStore implements ObjectStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = resolve(root);
  }

  async get(key: string): Promise<StoredObject | null> {
    try {
      const body = await readFile(this.locate(key));
      return { body, ...stored(body) };
    } catch (error) {
      if (isCode(error, 'ENOENT')) return null;
      throw this.#refused('read', key, error);
    }
  }

  async head(key: string): Promise<Stored | null> {
    const chunks = await this.read(key);
    if (chunks === null) return null;
    return { etag: await sha256OfChunks(chunks), versionId: null };
  }

  async read(key: string): Promise<AsyncIterable<Buffer> | null> {
    try {
      await access(this.locate(key));
      return this.#chunks(key);
    } catch (error) {
      if (isCode(error, 'ENOENT')) return null;
      throw this.#refused('read', key, error);
    }
  }

  async put(key: string, body: Buffer, _contentType: string, condition: Condition): Promise<Stored | null> {
    const upload = this.upload(key);
    try {
      await upload.write(body);
      await upload.close();
      return await upload.complete(condition);
    } finally {
      await upload.abort();
    }
  }

  upload(key: string): Upload {
    const file = new UnfinishedFile(this.locate(key));
    const explaining = async <T>(step: () => Promise<T>): Promise<T> => {
      try {
        return await step();
      } catch (error) {
        throw error instanceof ArchiveError ? error : this.#refused('write', key, error);
      }
    };
    return {
      write: (bytes) => explaining(() => file.write(bytes)),
      close: () => explaining(() => file.close()),
      complete: (condition) => explaining(() => this.#finish(key, file, condition)),
      abort: () => file.remove(),
    };
  }

  async *list(prefix: string, after = ''): AsyncGenerator<string> {
    yield* (await this.#keys(prefix)).filter((key) => key > after);
  }

  locate(key: string): string {
    return join(this.#root, key);
  }

  async #keys(prefix: string): Promise<string[]> {
    try {
      const entries = await readdir(this.locate(prefix), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && !entry.name.endsWith(UNFINISHED))
        .map((entry) => relative(this.#root, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort();
    } catch (error) {
      if (isCode(error, 'ENOENT')) return [];
      throw this.#refused('list', prefix, error);
    }
  }

  async #finish(key: string, file: UnfinishedFile, condition: Condition): Promise<Stored | null> {
    const { sha256 } = await file.close();
    const stored = { etag: sha256, versionId: null };
    if (condition === 'absent') {
      if (await file.becomeNew()) return stored;
    } else if ((await this.head(key))?.etag === condition.replacing) {
      await file.replace();
      return stored;
    }
    const isThere = (await this.head(key))?.etag === sha256;
    if (isThere) await file.remove();
    return isThere ? stored : null;
  }

  async *#chunks(key: string): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of createReadStream(this.locate(key))) yield chunk as Buffer;
    } catch (error) {
      throw this.#refused('read', key, error);
    }
  }

  #refused(verb: string, key: string, error: unknown): ArchiveError {
    return new ArchiveError(`Can't ${verb} ${this.locate(key)} (${String(error)}). Choose another folder.`);
  }
}

function stored(body: Buffer): Stored {
  return { etag: sha256(body), versionId: null };
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
