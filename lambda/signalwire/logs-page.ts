import * as z from 'zod';
import { shapeProblems } from '../shape-problems.ts';
import { parseExactJson } from './exact-json.ts';
import { OBJECT } from './json-text.ts';
import { LogShape } from './log-shape.ts';
import { readVideoLog, type UnreadableLog, type VideoLog } from './video-log.ts';

/** A page of the list of video logs. */
export interface LogsPage {
  /** Where the next page is, as the API wrote it; null on the last one. */
  readonly next: string | null;
  readonly logs: readonly (VideoLog | UnreadableLog)[];
}

/** Why a page can't be read, naming the field. */
export interface UnreadablePage {
  readonly problem: string;
}

const pageShape = z.object({
  links: z.object({ next: z.string().nullish() }),
  data: z.array(z.unknown()),
});

const HEAD = new RegExp(String.raw`\{"links": ?(${OBJECT}), ?"data": ?\[`, 'y');
const ANY_LOG = new RegExp(OBJECT, 'y');
const END = /\]\}[ \t\n\r]*$/y;

/** A space's logs have one shape, or two where some are deleted; ever new ones are not to fill the memory. */
const MOST_SHAPES = 8;

/** Reads pages, and knows from the ones before what the next one's logs will look like. */
export class PageReader {
  /** By the names of the members; null for logs that are left to `readVideoLog`. */
  readonly #shapes = new Map<string, LogShape | null>();

  /**
   * Reads a page from its JSON text, without making floats of its numbers.
   *
   * @throws SyntaxError where it is no JSON
   */
  read(text: string): LogsPage | UnreadablePage {
    return this.#readInOrder(text) ?? readAnyPage(text);
  }

  /** Log by log, as the text goes. Null where it is written in another way than the API writes it. */
  #readInOrder(text: string): LogsPage | null {
    const [head, links] = matchAt(HEAD, text, 0);
    if (head === undefined || links === undefined) return null;
    const { success, data } = pageShape.shape.links.safeParse(JSON.parse(links));
    if (!success) return null;
    const logs: (VideoLog | UnreadableLog)[] = [];
    let at = head.length;
    let more = text.charAt(at) === '{';
    while (more) {
      const usual = this.#readUsual(text, at);
      const json = usual?.asSent.json ?? matchAt(ANY_LOG, text, at)[0];
      if (json === undefined) return null;
      logs.push(usual ?? this.#readUnusual(json));
      at += json.length;
      const comma = commaBeforeLog(text, at);
      at += comma;
      more = comma > 0;
    }
    return matchAt(END, text, at)[0] === undefined ? null : { next: data.next ?? null, logs };
  }

  #readUsual(text: string, at: number): VideoLog | null {
    for (const shape of this.#shapes.values()) {
      const log = shape?.read(text, at) ?? null;
      if (log !== null) return log;
    }
    return null;
  }

  #readUnusual(json: string): VideoLog | UnreadableLog {
    const names = Object.keys(JSON.parse(json) as object);
    const shape = names.join('\n');
    if (this.#shapes.size < MOST_SHAPES && !this.#shapes.has(shape)) {
      this.#shapes.set(shape, LogShape.of(names));
    }
    return readVideoLog(json);
  }
}

function readAnyPage(text: string): LogsPage | UnreadablePage {
  const page = pageShape.safeParse(parseExactJson(text));
  if (!page.success) return { problem: shapeProblems(page.error, 'the page') };
  const { links, data } = page.data;
  return { next: links.next ?? null, logs: data.map((entry) => readVideoLog(JSON.stringify(entry))) };
}

/** How long the comma between two logs is; 0 where there is none. */
function commaBeforeLog(text: string, at: number): number {
  if (text.startsWith(',{', at)) return 1;
  return text.startsWith(', {', at) ? 2 : 0;
}

/** What a sticky pattern matches at a place: all of it, then its captures; nothing where it does not match. */
function matchAt(pattern: RegExp, text: string, at: number): readonly (string | undefined)[] {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? [];
}
