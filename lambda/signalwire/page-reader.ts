import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import { BRACE, BRACKET } from '../ascii.ts';
import { shapeProblems } from '../shape-problems.ts';
import { parseExactJson } from './exact-json.ts';
import { afterBlank, afterComma, endOfLiteral, endOfValue } from './json-bytes.ts';
import { LogShape } from './log-shape.ts';
import { FoundLogs, PageLogs } from './page-logs.ts';
import { PageText } from './page-text.ts';
import { readVideoLog } from './video-log.ts';

/** A page of the list of video logs. */
export interface LogsPage {
  /** The link to the next page, as the API wrote it; null on the last page. */
  readonly next: string | null;
  readonly logs: PageLogs;
}

/** Why a page can't be read, naming the field. */
export interface UnreadablePage {
  readonly problem: string;
}

const pageShape = z.object({
  links: z.object({ next: z.string().nullish() }),
  data: z.array(z.unknown()),
});

const [LINKS, DATA] = [Buffer.from('{"links":'), Buffer.from('"data":')];
const END = /^\]\}[ \t\n\r]*$/;
/**
 * A space's logs have one shape, or two if some are deleted. The limit keeps ever new shapes from filling the memory.
 */
const MOST_SHAPES = 8;

/** Reads pages quickly, by the shapes of logs on earlier pages. */
export class PageReader {
  /** By the members' names; the shape is that of the first such log; null for logs that are left to `readVideoLog`. */
  readonly #shapes = new Map<string, LogShape | null>();

  /**
   * Reads a page from its JSON text, without turning its numbers into floats.
   *
   * @param page bytes that are not UTF-8 are read as U+FFFD, as everywhere on the web
   * @throws SyntaxError if the page is not JSON
   */
  read(page: PageText): LogsPage | UnreadablePage {
    const text = isUtf8(page.bytes) ? page : new PageText(Buffer.from(page.bytes.toString()));
    return this.#readInOrder(text) ?? readAnyPage(text.bytes.toString());
  }

  /** Reads log by log, in the order of the bytes. @returns null if the page is not written the way the API writes it */
  #readInOrder(page: PageText): LogsPage | null {
    const { bytes } = page;
    const head = headOf(bytes);
    if (head === null) return null;
    const logs = new FoundLogs(page);
    let at = head.end;
    let more = bytes[at] === BRACE;
    while (more) {
      const end = this.#addUsual(logs, at);
      const logEnd = end === -1 ? this.#addUnusual(logs, page, at) : end;
      if (logEnd === -1) return null;
      const next = afterComma(bytes, logEnd);
      more = next !== -1 && bytes[next] === BRACE;
      at = more ? next : logEnd;
    }
    return END.test(bytes.toString('latin1', at)) ? { next: head.next, logs: new PageLogs(logs) } : null;
  }

  /** @returns the position after the log; -1 if it has none of the known shapes */
  #addUsual(logs: FoundLogs, at: number): number {
    for (const shape of this.#shapes.values()) {
      const end = shape === null ? -1 : logs.addUsual(shape, at);
      if (end !== -1) return end;
    }
    return -1;
  }

  /** @returns the position after the log; -1 if there is no log */
  #addUnusual(logs: FoundLogs, page: PageText, at: number): number {
    const end = endOfValue(page.bytes, at);
    if (end === -1) return -1;
    const json = page.bytes.toString('utf8', at, end);
    const shape = Object.keys(JSON.parse(json) as object).join('\n');
    if (this.#shapes.size < MOST_SHAPES && !this.#shapes.has(shape)) {
      this.#shapes.set(shape, LogShape.of(page, at));
    }
    logs.addUnusual(readVideoLog(json));
    return end;
  }
}

/** What comes before the first log of a page. */
interface Head {
  readonly next: string | null;
  readonly end: number;
}

/** @returns null if it is not written the way the API writes it */
function headOf(bytes: Buffer): Head | null {
  const links = afterBlank(bytes, endOfLiteral(bytes, 0, LINKS));
  const linksEnd = endOfValue(bytes, links);
  const data = afterComma(bytes, linksEnd);
  const list = afterBlank(bytes, endOfLiteral(bytes, data, DATA));
  if ([links, linksEnd, data, list].some((place) => place < 0) || bytes[list] !== BRACKET) return null;
  const found = pageShape.shape.links.safeParse(JSON.parse(bytes.toString('utf8', links, linksEnd)));
  return found.success ? { next: found.data.next ?? null, end: list + 1 } : null;
}

function readAnyPage(text: string): LogsPage | UnreadablePage {
  const page = pageShape.safeParse(parseExactJson(text));
  if (!page.success) return { problem: shapeProblems(page.error, 'the page') };
  const { links, data } = page.data;
  const logs = new FoundLogs(new PageText(Buffer.of()));
  for (const entry of data) logs.addUnusual(readVideoLog(JSON.stringify(entry)));
  return { next: links.next ?? null, logs: new PageLogs(logs) };
}
