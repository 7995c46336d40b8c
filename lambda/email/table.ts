/** A table of the mail, ready to be read: its text and its HTML are both made from this, and so can't differ. */
export interface Table {
  readonly caption: string;
  /** As many as each row has cells. Without titles where the rows' own heads say it all. */
  readonly columns: readonly Column[];
  /** The first cell is the row's head: it may be a text from the API, made fit for one line. */
  readonly rows: readonly (readonly string[])[];
  /** A sentence below. */
  readonly note: string | null;
}

export interface Column {
  /** Null in all columns of a table, or in none. */
  readonly title: string | null;
  readonly kind: 'words' | 'figure';
}

/** A day's bar beside its figure. */
export interface Bar {
  readonly day: string;
  readonly figure: string;
  /** Whole percent of the dearest day's; 0 for none at all. */
  readonly length: number;
  readonly isReported: boolean;
}

export function words(title: string | null = null): Column {
  return { title, kind: 'words' };
}

export function figure(title: string | null = null): Column {
  return { title, kind: 'figure' };
}

/** The titles of the columns; null where they have none. */
export function titlesOf({ columns }: Table): string[] | null {
  const titles = columns.flatMap(({ title }) => title ?? []);
  return titles.length === 0 ? null : titles;
}
