import { PageText } from './page-text.ts';

/** Buffer sizes are multiples of this, so that they fit all pages of a day, which have nearly the same length. */
const STEP = 1 << 16;
/** As many pages as windows keep waiting, and some more. */
const MOST_IDLE = 48;
/** The page, plus a third of its length for the positions of its logs. */
const WITH_SPARE = 1.33;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** Buffers for pages, to be reused: fresh memory for each page takes longer than finding the page's logs. */
const idle: Buffer<ArrayBuffer>[] = [];

function takeBuffer(length: number): Buffer<ArrayBuffer> {
  // The one that was given back last is the likeliest to be in the processor's cache.
  const index = idle.findLastIndex((buffer) => buffer.length >= length);
  const [buffer = Buffer.allocUnsafeSlow(Math.ceil((length + 1) / STEP) * STEP)] =
    index === -1 ? [] : idle.splice(index, 1);
  return buffer;
}

/** Keeps a buffer for reuse. If there are too many, the smallest is dropped, as it is the least useful. */
function giveBack(buffer: Buffer<ArrayBuffer>): void {
  idle.push(buffer);
  if (idle.length <= MOST_IDLE) return;
  const smallest = idle.reduce(
    (least, { length }, index) => (length < (idle[least]?.length ?? 0) ? index : least),
    0,
  );
  idle.splice(smallest, 1);
}

/** Collects the text of a page as its bytes come. */
export class PageBuilder {
  #buffer: Buffer<ArrayBuffer>;
  #length = 0;

  /** @param expected how many bytes are expected */
  constructor(expected: number) {
    this.#buffer = takeBuffer(expected * WITH_SPARE);
  }

  add(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#buffer.length) {
      const buffer = takeBuffer(2 * length * WITH_SPARE);
      this.#buffer.copy(buffer, 0, 0, this.#length);
      giveBack(this.#buffer);
      this.#buffer = buffer;
    }
    chunk.copy(this.#buffer, this.#length);
    this.#length = length;
  }

  /** The page, without a byte order mark. */
  end(): PageText {
    const buffer = this.#buffer;
    const isMarked = buffer.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    const start = isMarked && this.#length >= BYTE_ORDER_MARK.length ? BYTE_ORDER_MARK.length : 0;
    return new PageText(buffer.subarray(start, this.#length), buffer.subarray(this.#length), () => {
      giveBack(buffer);
    });
  }
}
