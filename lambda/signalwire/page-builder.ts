import { PageText } from './page-text.ts';

/** Rooms have a multiple of so many bytes, as the pages of a day are of nearly the same length. */
const STEP = 1 << 16;
/** As many as windows keep waiting, and some more. */
const MOST_IDLE = 48;
/** A page, and a third of it for where its logs are. */
const WITH_SPARE = 1.33;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** Room for pages that is used again and again: fresh memory for each page takes longer than finding its logs. */
const idle: Buffer<ArrayBuffer>[] = [];

function takeRoom(length: number): Buffer<ArrayBuffer> {
  const index = idle.findIndex((room) => room.length >= length);
  const [room = Buffer.allocUnsafeSlow(Math.ceil((length + 1) / STEP) * STEP)] =
    index === -1 ? [] : idle.splice(index, 1);
  return room;
}

/** Where there are enough, the smallest one goes, which is of the least use. */
function giveBack(room: Buffer<ArrayBuffer>): void {
  idle.push(room);
  if (idle.length <= MOST_IDLE) return;
  const smallest = idle.reduce(
    (least, { length }, index) => (length < (idle[least]?.length ?? 0) ? index : least),
    0,
  );
  idle.splice(smallest, 1);
}

/** Puts the text of a page together while its bytes come. */
export class PageBuilder {
  #room: Buffer<ArrayBuffer>;
  #length = 0;

  /** @param expected how many bytes may come */
  constructor(expected: number) {
    this.#room = takeRoom(expected * WITH_SPARE);
  }

  add(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#room.length) {
      const room = takeRoom(2 * length * WITH_SPARE);
      this.#room.copy(room, 0, 0, this.#length);
      giveBack(this.#room);
      this.#room = room;
    }
    chunk.copy(this.#room, this.#length);
    this.#length = length;
  }

  /** The page, without a byte order mark. */
  end(): PageText {
    const room = this.#room;
    const isMarked = room.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    const start = isMarked && this.#length >= BYTE_ORDER_MARK.length ? BYTE_ORDER_MARK.length : 0;
    return new PageText(room.subarray(start, this.#length), room.subarray(this.#length), () => {
      giveBack(room);
    });
  }
}
