import { AsSent } from './as-sent.ts';
import { bearsCharge, createdAtOf, type LogShape, SPANS_A_LOG, usualLog } from './log-shape.ts';
import type { PageText } from './page-text.ts';
import { readVideoLog, type UnreadableLog, type VideoLog } from './video-log.ts';

/**
 * The logs of a page, created one by one on demand: until then, a page that waits for its turn is only bytes and arrays
 * of numbers, which the garbage collector need not look into.
 */
export class PageLogs implements Iterable<VideoLog | UnreadableLog> {
  readonly #found: FoundLogs;
  readonly #from: number;
  readonly #to: number;

  constructor(found: FoundLogs, from = 0, to = found.count) {
    this.#found = found;
    this.#from = from;
    this.#to = to;
  }

  get length(): number {
    return this.#to - this.#from;
  }

  /** When a log was created: milliseconds since the epoch, NaN if the log can't be read. */
  createdAt(index: number): number {
    return this.#found.createdAt(this.#from + index);
  }

  /** One of the three hashes by which a log is recognised: 0 and 1 are those of its id, 2 is that of its whole JSON. */
  hash(index: number, which: 0 | 1 | 2): number {
    return this.#found.hash(this.#from + index, which);
  }

  at(index: number): VideoLog | UnreadableLog {
    return this.#found.log(this.#from + index);
  }

  /** The logs from index `from` up to, but not including, `to`, or up to the last one. */
  slice(from: number, to: number): PageLogs {
    return new PageLogs(this.#found, this.#from + from, Math.min(this.#from + to, this.#to));
  }

  /** Keeps the page, with all its logs, for one more user. */
  keep(): void {
    this.#found.page.keep();
  }

  /** Lets go of the page. */
  release(): void {
    this.#found.page.release();
  }

  *[Symbol.iterator](): Generator<VideoLog | UnreadableLog> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index);
  }
}

const HASHES = 3;

/** Used to estimate the number of logs. Shorter logs are rare; room for more is made when they come. */
const BYTES_A_LOG = 400;

/** The logs that were found in a page. */
export class FoundLogs {
  readonly page: PageText;
  /** Where the fields of the usual logs are. */
  #spans: Int32Array;
  #createdAt: Float64Array;
  /** Three per log, computed at once, while its bytes are in the processor's cache. */
  #hashes: Int32Array;
  /** By their index in the page. */
  readonly #unusual = new Map<number, VideoLog | UnreadableLog>();
  #count = 0;

  constructor(page: PageText) {
    this.page = page;
    ({
      spans: this.#spans,
      createdAt: this.#createdAt,
      hashes: this.#hashes,
    } = columnsIn(page.spare, Math.ceil(page.bytes.length / BYTES_A_LOG)));
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Adds the log that begins at a position of the page.
   *
   * @returns the position after it; -1 if there is no log of this shape, or it has no readable time of creation or no
   *   charge
   */
  addUsual(shape: LogShape, at: number): number {
    this.#makeRoom();
    const base = this.#count * SPANS_A_LOG;
    const end = shape.match(this.page, at, this.#spans, base);
    const log = new AsSent(this.page, this.#spans, base);
    const createdAt = end !== -1 && bearsCharge(log) ? createdAtOf(log) : NaN;
    if (Number.isNaN(createdAt)) {
      this.#spans.fill(0, base, base + SPANS_A_LOG);
      return -1;
    }
    this.#createdAt[this.#count] = createdAt;
    log.hash(this.#hashes, HASHES * this.#count);
    this.#count += 1;
    return end;
  }

  addUnusual(log: VideoLog | UnreadableLog): void {
    this.#makeRoom();
    this.#unusual.set(this.#count, log);
    this.#createdAt[this.#count] = 'problem' in log ? NaN : log.createdAt;
    if (!('problem' in log)) log.asSent.hash(this.#hashes, HASHES * this.#count);
    this.#count += 1;
  }

  createdAt(place: number): number {
    this.page.requireKept();
    return this.#createdAt[place] ?? NaN;
  }

  hash(place: number, which: 0 | 1 | 2): number {
    this.page.requireKept();
    return this.#hashes[HASHES * place + which] ?? 0;
  }

  log(place: number): VideoLog | UnreadableLog {
    const unusual = this.#unusual.size === 0 ? undefined : this.#unusual.get(place);
    return (
      unusual ?? this.#usual(new AsSent(this.page, this.#spans, place * SPANS_A_LOG), this.createdAt(place))
    );
  }

  #usual(log: AsSent, createdAt: number): VideoLog | UnreadableLog {
    return usualLog(log, createdAt) ?? readVideoLog(log.text('json'));
  }

  #makeRoom(): void {
    if (this.#count < this.#createdAt.length) return;
    const [spans, createdAt, hashes] = [this.#spans, this.#createdAt, this.#hashes];
    ({
      spans: this.#spans,
      createdAt: this.#createdAt,
      hashes: this.#hashes,
    } = columnsIn(Buffer.of(), 2 * this.#count + 1));
    this.#createdAt.set(createdAt);
    this.#spans.set(spans);
    this.#hashes.set(hashes);
  }
}

/** What is known about the logs of a page, one element or group of elements per log. */
interface Columns {
  readonly spans: Int32Array;
  readonly createdAt: Float64Array;
  readonly hashes: Int32Array;
}

/** Columns for a number of logs, in the given memory if there is enough of it, otherwise in new memory. */
function columnsIn({ buffer, byteOffset, length }: Buffer<ArrayBuffer>, logs: number): Columns {
  const start = Math.ceil(byteOffset / 8) * 8;
  const needed = logs * (8 + 4 * HASHES + 4 * SPANS_A_LOG);
  const isEnough = start + needed <= byteOffset + length;
  const [memory, from] = isEnough ? [buffer, start] : [new ArrayBuffer(needed), 0];
  const createdAt = new Float64Array(memory, from, logs);
  const hashes = new Int32Array(memory, createdAt.byteOffset + createdAt.byteLength, HASHES * logs);
  const spans = new Int32Array(memory, hashes.byteOffset + hashes.byteLength, SPANS_A_LOG * logs);
  spans.fill(0);
  return { spans, createdAt, hashes };
}
