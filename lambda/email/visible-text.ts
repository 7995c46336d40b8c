const LONGEST_NAME = 60;

/**
 * Makes a text from the API safe to show on one line: no line breaks or control characters that could fake a line of
 * ours, no marks that change the direction of the text that follows, and at most 60 characters.
 */
export function visibleName(name: string | null): string {
  if (name === null) return '(no room name)';
  // Enough for 60 characters, however many code units each takes, so that very long names cost no time.
  const line = name
    .slice(0, 2000)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    // Many combining marks on one letter would cover the lines above and below.
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '');
  if (/^[\p{Z}\p{C}]*$/u.test(line)) return '(invisible room name)';
  const characters = charactersOf(line);
  return characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME - 1).join('')}…` : line;
}

/**
 * In plain text, keeps right-to-left text from reordering the figures beside it; in HTML, `<bdi>` does that. Other text
 * is returned unchanged.
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

// An approximation without a table of all characters: what East Asian and emoji fonts draw twice as wide.
const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303E\uFF01-\uFF60]/u;

/** How many columns a text takes in a monospaced font. */
export function columnsOf(text: string): number {
  return charactersOf(text).reduce((columns, character) => columns + (WIDE.test(character) ? 2 : 1), 0);
}
