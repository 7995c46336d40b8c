import { viewOf } from '../four-bytes.ts';

/**
 * The text of a page, UTF-8. Whoever keeps a part of it for later must say so: once nobody does, its bytes may be used
 * again for another page. Asking for them fails from then on, so that a fault in this can't give wrong figures.
 */
export class PageText {
  #bytes: Buffer | null;
  #view: DataView | null;
  /** Memory beside the bytes, for what is found in them. It goes with them. */
  readonly spare: Buffer<ArrayBuffer>;
  readonly #onReleased: (() => void) | null;
  #keepers = 1;

  /** @param onReleased null: the bytes stay what they are, whoever keeps them */
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

  /** @throws Error where the page was released */
  get bytes(): Buffer {
    return this.#bytes ?? wasReleased();
  }

  /** The same bytes, for whoever reads several at once. @throws Error where the page was released */
  get view(): DataView {
    return this.#view ?? wasReleased();
  }

  /** @throws Error where the page was released, and with it what was found in it */
  requireKept(): void {
    if (this.#bytes === null) wasReleased();
  }

  /** Keeps the page for one more than until now: at first it is kept for whoever made it. */
  keep(): void {
    this.#keepers += 1;
  }

  /** One of those for whom it is kept needs it no more. @throws Error where nobody did, before */
  release(): void {
    // Its memory would be given to two pages at once.
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
    'This page was released. That is a fault of the program: show this message to its developers.',
  );
}

/** A piece of text, as bytes of a page. */
export interface Utf8Span {
  readonly page: PageText;
  /** The first byte. */
  readonly from: number;
  /** The byte after the last one. */
  readonly to: number;
}

/** A whole text. */
export function wholeText(text: string): Utf8Span {
  const page = new PageText(Buffer.from(text));
  return { page, from: 0, to: page.bytes.length };
}

export function isEmpty({ from, to }: Utf8Span): boolean {
  return from === to;
}
