/** A heading of docs/runbook.md that an alarm leads to. */
export type RunbookHeading =
  | 'Report not delivered'
  | 'Run failed'
  | 'Run throttled'
  | 'Run slow'
  | 'Event not handed over'
  | 'Failed runs waiting'
  | 'Restatement failed'
  | 'Mail bounced';

/** The link to a heading, as GitHub and most other Markdown renderers generate it. */
export function runbookLink(runbookUrl: string, heading: RunbookHeading): string {
  return `${runbookUrl}#${heading.toLowerCase().replaceAll(' ', '-')}`;
}
