/** A sentence that may contain names from the API: they are shown so that they can't be mistaken for our own words. */
export type Sentence = readonly (string | { readonly name: string | null })[];

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 session`, `2,000 sessions`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(parts);
}

/** `2 h 05 min`; hours are not converted into days. */
export function formatDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const hours = Math.trunc(minutes / 60);
  return hours === 0
    ? `${minutes} min`
    : `${formatCount(hours)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** `+8%`, `-12%`. */
export function signed(percent: string): string {
  return `${percent.startsWith('-') ? '' : '+'}${percent}%`;
}
