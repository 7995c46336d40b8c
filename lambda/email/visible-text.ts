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
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '');
  const characters = charactersOf(line);
  return characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME - 1).join('')}…` : line;
}

const segmenter = new Intl.Segmenter('en');

/** Characters as a reader counts them: an emoji of seven code points is one. */
export function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
