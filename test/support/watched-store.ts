import type { Condition, ObjectStore, Stored, Upload } from '../../lambda/archive/object-store.ts';
import { MemoryStore } from './memory-store.ts';

/** One write as it was requested. */
interface Write {
  readonly key: string;
  readonly contentType: string;
  readonly condition: Condition;
}

/** An archive that remembers all requests, and lets another run come in between. */
export class WatchedStore extends MemoryStore {
  readonly writes: Write[] = [];
  /** The prefixes that were listed. */
  readonly listings: string[] = [];
  /** The keys that the listings gave, as far as they were read. */
  readonly listed: string[] = [];
  /** The keys of the objects that were streamed. */
  readonly reads: string[] = [];
  /** The keys of streamed objects that were neither read to the end nor closed. */
  readonly openReads: string[] = [];
  /** The keys of the uploads that were neither completed nor aborted. */
  readonly openUploads: string[] = [];
  /** What happens just before a write; the write itself goes on. */
  beforeWrite: (key: string) => unknown = () => undefined;

  override async put(
    key: string,
    body: Buffer,
    contentType: string,
    condition: Condition,
  ): Promise<Stored | null> {
    this.writes.push({ key, contentType, condition });
    await this.beforeWrite(key);
    return super.put(key, body, contentType, condition);
  }

  override upload(key: string, contentType: string): Upload {
    const upload = super.upload(key, contentType);
    this.openUploads.push(key);
    let isOpen = true;
    const end = (): void => {
      if (isOpen) this.openUploads.splice(this.openUploads.indexOf(key), 1);
      isOpen = false;
    };
    return {
      ...upload,
      complete: async (condition) => {
        const stored = await upload.complete(condition);
        if (stored !== null) end();
        return stored;
      },
      abort: async () => {
        end();
        await upload.abort();
      },
    };
  }

  override async read(key: string, versionId?: string | null): ReturnType<ObjectStore['read']> {
    const chunks = await super.read(key, versionId);
    this.reads.push(key);
    if (chunks === null) return null;
    this.openReads.push(key);
    return this.#watched(key, chunks);
  }

  async *#watched(key: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    try {
      yield* chunks;
    } finally {
      this.openReads.splice(this.openReads.indexOf(key), 1);
    }
  }

  override async *list(prefix: string, after?: string): AsyncGenerator<string> {
    this.listings.push(prefix);
    for await (const key of super.list(prefix, after)) {
      this.listed.push(key);
      yield key;
    }
  }

  /** Writes as another run would, on top of whatever is there. */
  async overwrite(key: string, text: string): Promise<void> {
    const current = await this.get(key);
    const condition = current === null ? 'absent' : { replacing: current.etag };
    await super.put(key, Buffer.from(text), 'text/plain', condition);
  }

  /** The text of the current version; null if there is none. */
  async text(key: string): Promise<string | null> {
    return (await this.get(key))?.body.toString() ?? null;
  }
}
