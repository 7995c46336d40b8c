import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import type {
  Condition,
  ObjectStore,
  Stored,
  StoredObject,
  Upload,
} from '../../lambda/archive/object-store.ts';

/** An archive in memory, with versions, in place of S3. */
export class MemoryStore implements ObjectStore {
  readonly #objects = new Map<string, StoredObject[]>();
  #writes = 0;

  get(key: string, versionId: string | null = null): Promise<StoredObject | null> {
    const versions = this.versions(key);
    const found =
      versionId === null ? versions.at(-1) : versions.find((candidate) => candidate.versionId === versionId);
    return Promise.resolve(found ?? null);
  }

  put(key: string, body: Buffer, _contentType: string, condition: Condition): Promise<Stored | null> {
    const versions = this.versions(key);
    const current = versions.at(-1);
    const holds = condition === 'absent' ? current === undefined : current?.etag === condition.replacing;
    if (!holds) return Promise.resolve(current?.body.equals(body) === true ? current : null);
    this.#writes += 1;
    const version = { body, etag: `"${this.#writes}"`, versionId: `version-${this.#writes}` };
    this.#objects.set(key, [...versions, version]);
    return Promise.resolve(version);
  }

  upload(key: string, contentType: string): Upload {
    const chunks: Buffer[] = [];
    return {
      write: (bytes) => {
        chunks.push(Buffer.from(bytes));
        return Promise.resolve();
      },
      close: () => {
        const body = Buffer.concat(chunks);
        return Promise.resolve({ sha256: hash('sha256', body), bytes: body.length });
      },
      complete: async (condition) => {
        const put = await this.put(key, Buffer.concat(chunks), contentType, condition);
        return put && stored(put);
      },
      abort: () => Promise.resolve(),
    };
  }

  async head(key: string): Promise<Stored | null> {
    const found = await this.get(key);
    return found && stored(found);
  }

  async read(key: string, versionId: string | null = null): Promise<AsyncIterable<Buffer> | null> {
    const found = await this.get(key, versionId);
    return found && Readable.from([found.body], { objectMode: true });
  }

  async *list(prefix: string, after = ''): AsyncGenerator<string> {
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix) && key > after);
    yield* await Promise.resolve(keys.sort());
  }

  locate(key: string): string {
    return `memory:${key}`;
  }

  /** Oldest first. */
  versions(key: string): readonly StoredObject[] {
    return this.#objects.get(key) ?? [];
  }
}

function stored({ etag, versionId }: Stored): Stored {
  return { etag, versionId };
}
