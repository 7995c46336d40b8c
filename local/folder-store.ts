import { hash, randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Condition, ObjectStore, Stored, StoredObject } from '../lambda/archive/object-store.ts';
import { ArchiveError } from '../lambda/errors.ts';

/** Ends the names of files that are being written: one that was cut off there is no object. */
const UNFINISHED = '.unfinished';

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

  async put(key: string, body: Buffer, _contentType: string, condition: Condition): Promise<Stored | null> {
    const path = this.locate(key);
    try {
      await mkdir(dirname(path), { recursive: true });
      if (condition === 'absent') {
        await create(path, body);
        return stored(body);
      }
      const existing = await this.get(key);
      if (existing?.etag !== condition.replacing) return await this.#sameOrNull(key, body);
      await replace(path, body);
      return stored(body);
    } catch (error) {
      if (isCode(error, 'EEXIST')) return await this.#sameOrNull(key, body);
      throw this.#refused('write', key, error);
    }
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

  async #sameOrNull(key: string, body: Buffer): Promise<Stored | null> {
    const existing = await this.get(key);
    return existing?.body.equals(body) === true ? existing : null;
  }

  #refused(verb: string, key: string, error: unknown): ArchiveError {
    return new ArchiveError(`Can't ${verb} ${this.locate(key)} (${String(error)}). Choose another folder.`);
  }
}

/** Under its name a file is whole or absent. Linking fails where the name is taken; renaming would replace. */
async function create(path: string, body: Buffer): Promise<void> {
  const unfinished = await writeUnfinished(path, body);
  try {
    await link(unfinished, path);
  } finally {
    await rm(unfinished);
  }
}

async function replace(path: string, body: Buffer): Promise<void> {
  await rename(await writeUnfinished(path, body), path);
}

async function writeUnfinished(path: string, body: Buffer): Promise<string> {
  const unfinished = `${path}.${randomUUID()}${UNFINISHED}`;
  await writeFile(unfinished, body, { flag: 'wx' });
  return unfinished;
}

function stored(body: Buffer): Stored {
  return { etag: hash('sha256', body), versionId: null };
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
