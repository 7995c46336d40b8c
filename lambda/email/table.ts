/** A table of the mail, as text. The HTML and the plain text are both made from this, so they can't differ. */
export interface Table {
  readonly caption: string;
  /** One for each cell of a row. They have no titles if the row headers say enough. */
  readonly columns: readonly Column[];
  /** The first cell is the row's header: it may be text from the API, made to fit one line. */
  readonly rows: readonly (readonly string[])[];
  /** A few words below each row, as wide as the table: in a column they would be too narrow on a phone. */
  readonly details?: readonly string[];
  /** A sentence below the table. */
  readonly note: string | null;
}

export interface Column {
  /** Null in all columns of a table or in none. */
  readonly title: string | null;
  readonly kind: 'words' | 'figure';
}

/** A day's bar beside its figure. */
export interface Bar {
  readonly day: string;
  readonly figure: string;
  /** In whole percent of the most expensive day's bar; 0 for no bar. */
  readonly length: number;
  readonly isReported: boolean;
}

export function words(title: string | null = null): Column {
  return { title, kind: 'words' };
}

export function figure(title: string | null = null): Column {
  return { title, kind: 'figure' };
}

/** The titles of the columns; null if they have none. */
export function titlesOf({ columns }: Table): string[] | null {
  const titles = columns.flatMap(({ title }) => title ?? []);
  return titles.length === 0 ? null : titles;
}
