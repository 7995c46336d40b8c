import type { Readable } from 'node:stream';

/** Collects the lines of a stream and returns them in portions. */
export class OutputLines {
  readonly #lines: string[] = [];
  #rest = '';
  #waiting: { readonly mark: string; readonly resolve: (lines: string[]) => void } | null = null;

  constructor(stream: Readable) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop() ?? '';
      this.#lines.push(...lines);
      this.#settle();
    });
  }

  /**
   * Waits for the mark, and returns the lines before it that were not yet taken. The mark may be at the end of a line,
   * since output need not end with a line break.
   */
  until(mark: string): Promise<string[]> {
    return new Promise((resolve) => {
      this.#waiting = { mark, resolve };
      this.#settle();
    });
  }

  /** The lines not yet taken, including an unfinished one. */
  take(): string[] {
    const lines = this.#lines.splice(0);
    if (this.#rest !== '') lines.push(this.#rest);
    this.#rest = '';
    return lines;
  }

  #settle(): void {
    if (this.#waiting === null) return;
    const { mark, resolve } = this.#waiting;
    const index = this.#lines.findIndex((line) => line.endsWith(mark));
    if (index < 0) return;
    this.#waiting = null;
    const lines = this.#lines.splice(0, index + 1);
    const unfinished = (lines.pop() ?? '').slice(0, -mark.length);
    resolve(unfinished === '' ? lines : [...lines, unfinished]);
  }
}
