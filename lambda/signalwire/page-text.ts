import { viewOf } from '../four-bytes.ts';

/**
 * The UTF-8 text of a page, in a reference-counted buffer: keep() before retaining it, release() when done. After the
 * last release the buffer is reused, and reading it here throws, so that a mistake in this can't lead to wrong
 * figures.
 */
export class PageText {
  #bytes: Buffer | null;
  #view: DataView | null;
  /** Memory after the bytes, for what is found in them. It is released with them. */
  readonly spare: Buffer<ArrayBuffer>;
  readonly #onReleased: (() => void) | null;
  #keepers = 1;

  /** @param onReleased called after the last release; null: the bytes are never reused, and stay readable */
  constructor(
    bytes: Buffer,
    spare: Buffer<ArrayBuffer> = Buffer.of(),
    onReleased: (() => void) | null = null,
  ) {
    this.#bytes = bytes;
    this.spare = spare;
    this.#view = viewOf(bytes);
    this.#onReleased = onReleased;
  }

  /** @throws Error if the page was released */
  get bytes(): Buffer {
    return this.#bytes ?? wasReleased();
  }

  /** The same bytes, to read several at once. @throws Error if the page was released */
  get view(): DataView {
    return this.#view ?? wasReleased();
  }

  /** Call before using what was found in the page. @throws Error if the page was released */
  requireKept(): void {
    if (this.#bytes === null) wasReleased();
  }

  /** Keeps the page for one more user; a new page is kept for whoever made it. */
  keep(): void {
    this.#keepers += 1;
  }

  /** One of its users no longer needs the page. @throws Error if it had none left */
  release(): void {
    // Without this, its memory could be given to two pages at once.
    if (this.#keepers === 0) wasReleased();
    this.#keepers -= 1;
    if (this.#keepers > 0 || this.#onReleased === null) return;
    this.#bytes = null;
    this.#view = null;
    this.#onReleased();
  }
}

function wasReleased(): never {
  throw new Error(
    'This page was released. This is a bug in the program: show this message to its developers.',
  );
}

/** A piece of text, as a range of a page's bytes. */
export interface Utf8Span {
  readonly page: PageText;
  /** The first byte. */
  readonly from: number;
  /** The byte after the last one. */
  readonly to: number;
  /** Whether it is certainly plain: the same in CSV as in JSON. */
  readonly isPlain: boolean;
}

/** The span of a whole text, in a page of its own. */
export function wholeText(text: string): Utf8Span {
  const page = new PageText(Buffer.from(text));
  return { page, from: 0, to: page.bytes.length, isPlain: false };
}

export function isEmpty({ from, to }: Utf8Span): boolean {
  return from === to;
}
