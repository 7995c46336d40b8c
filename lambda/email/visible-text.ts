const LONGEST_NAME = 60;

/**
 * Makes a text from the API fit to be read on one line: no line breaks or control characters that could pass for
 * a line of ours, no marks that turn the direction of what follows, and no more than 60 characters.
 */
export function visibleName(name: string | null): string {
  if (name === null) return '(no room name)';
  // More than enough for 60 characters, whatever they are made of; nobody has to walk through a whole novel.
  const line = name
    .slice(0, 2000)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    // Marks piled up on one letter would run over the lines above and below.
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '');
  if (/^[\p{Z}\p{C}]*$/u.test(line)) return '(a room name that can not be seen)';
  const characters = charactersOf(line);
  return characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME - 1).join('')}…` : line;
}

/**
 * Keeps a text that is written from right to left from turning the figures beside it, in plain text; HTML has `<bdi>`.
 * Other texts stay as they are.
 */
export function isolated(text: string): string {
  return /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]|[\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u.test(text)
    ? `\u2068${text}\u2069`
    : text;
}

const segmenter = new Intl.Segmenter('en');

/** Characters as a reader counts them: an emoji of seven code points is one. */
function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

// Without a table of all characters: what East Asian fonts and emoji fonts draw twice as wide.
const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303E\uFF01-\uFF60]/u;

/** How many columns a text takes in a font of one width. */
export function columnsOf(text: string): number {
  return charactersOf(text).reduce((columns, character) => columns + (WIDE.test(character) ? 2 : 1), 0);
}
