import type { JSX } from 'preact';
import { BAR, INK, LINE, QUIET, REPORTED_BAR, text } from './html-style.ts';
import { type Bar, type Column, type Table, titlesOf } from './table.ts';

/** Longer figures and names may be broken, so that they don't widen a narrow page. */
const LONGEST_UNBROKEN = 13;

/** Some mail programs collapse empty cells. */
const NO_BREAK_SPACE = '\u00A0';

// Styles that all cells share are on their table, to keep a mail with many rows small.
const TABLE = `margin-top:24px;border-collapse:collapse;font-size:14px;line-height:20px;color:${INK};font-variant-numeric:tabular-nums;`;
const CELL = `padding:7px 8px;border-bottom:1px solid ${LINE};`;
// A row with words below it, and these: the line comes after both.
const DETAILED = 'padding:7px 8px 0;';
const DETAIL = `padding:0 8px 7px;border-bottom:1px solid ${LINE};font-size:12px;line-height:16px;color:${QUIET};`;
const HEAD = `padding:7px 8px;border-bottom:2px solid ${LINE};vertical-align:bottom;font-size:12px;line-height:16px;font-weight:600;color:${QUIET};`;
const FIGURE = 'text-align:right;';
const LEFT = 'text-align:left;';
const BREAKING = 'overflow-wrap:anywhere;word-break:break-word;';

/** A table of facts: a caption, column and row headers, and a note below. */
export function DataTable({ table }: { readonly table: Table | null }): JSX.Element | null {
  if (table === null) return null;
  const { caption, columns, rows, details = [], note } = table;
  const hasTitles = titlesOf(table) !== null;
  return (
    <>
      <table class="ink" width="100%" cellpadding="0" cellspacing="0" style={TABLE}>
        <Caption words={caption} />
        {hasTitles && (
          <thead>
            <tr>
              {columns.map(({ title, kind }) => (
                <th key={title} scope="col" class="cell quiet" style={HEAD + alignment(kind)}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((cells, index) => (
            <Row key={index} cells={cells} columns={columns} detail={details[index] ?? null} />
          ))}
        </tbody>
      </table>
      {note !== null && (
        <p class="ink" style={text(14, INK, 'margin-top:8px;')}>
          {note}
        </p>
      )}
    </>
  );
}

function Caption({ words }: { readonly words: string }): JSX.Element {
  return (
    <caption class="ink" style={text(14, INK, 'padding-bottom:4px;text-align:left;font-weight:600;')}>
      {words}
    </caption>
  );
}

function Row({
  cells: [head, ...cells],
  columns,
  detail,
}: {
  readonly cells: readonly string[];
  readonly columns: readonly Column[];
  readonly detail: string | null;
}): JSX.Element {
  const [classes, style] = detail === null ? ['cell', CELL] : ['cell detailed', DETAILED];
  return (
    <>
      <tr style="vertical-align:top;">
        <th
          scope="row"
          rowSpan={detail === null ? undefined : 2}
          class="cell"
          style={`${CELL}${LEFT}${wrapping(head ?? '')}font-weight:400;`}
        >
          <bdi>{head}</bdi>
        </th>
        {cells.map((cell, index) => (
          <td
            key={index}
            class={classes}
            style={style + cellStyle(cell, columns[index + 1]?.kind ?? 'words')}
          >
            {cell}
          </td>
        ))}
      </tr>
      {detail !== null && (
        <tr>
          <td colSpan={columns.length - 1} class="cell detail quiet" style={DETAIL}>
            {detail}
          </td>
        </tr>
      )}
    </>
  );
}

function alignment(kind: Column['kind']): string {
  return kind === 'figure' ? FIGURE : LEFT;
}

function cellStyle(cell: string, kind: Column['kind']): string {
  if (kind === 'figure') return FIGURE + wrapping(cell);
  return cell.length <= LONGEST_UNBROKEN ? '' : BREAKING;
}

function wrapping(words: string): string {
  return words.length <= LONGEST_UNBROKEN ? 'white-space:nowrap;' : BREAKING;
}

/** The last days as bars, each beside its figure, so that nothing is conveyed by length or colour alone. */
export function Bars({ bars }: { readonly bars: readonly Bar[] }): JSX.Element | null {
  if (bars.length === 0) return null;
  return (
    <table class="ink" width="100%" cellpadding="0" cellspacing="0" style={TABLE}>
      <Caption words={`Last ${bars.length} days`} />
      <thead>
        <tr>
          <th scope="col" class="cell quiet" style={HEAD + LEFT}>
            Day
          </th>
          <th scope="col" class="cell quiet" style={HEAD + LEFT}>
            Charge
          </th>
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <BarRow key={bar.day} bar={bar} />
        ))}
      </tbody>
    </table>
  );
}

function BarRow({ bar: { day, figure, length, isReported } }: { readonly bar: Bar }): JSX.Element {
  const weight = isReported ? 'font-weight:700;' : 'font-weight:400;';
  const cell = `padding:2px 8px;font-size:13px;line-height:18px;${weight}${LEFT}`;
  return (
    <tr>
      <th scope="row" class="day" style={`${cell}width:90px;white-space:nowrap;`}>
        {day}
      </th>
      <td style="padding:2px 0;">
        <table
          role="presentation"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          style="border-collapse:collapse;"
        >
          <tr>
            {length > 0 && (
              <td
                width={`${Math.max(1, Math.round(length * 0.55))}%`}
                class={isReported ? 'now' : 'bar'}
                style={`background-color:${isReported ? REPORTED_BAR : BAR};font-size:1px;line-height:1px;`}
              >
                {NO_BREAK_SPACE}
              </td>
            )}
            <td class="ink" style={`${cell}color:${INK};${wrapping(figure)}`}>
              {figure}
            </td>
          </tr>
        </table>
      </td>
    </tr>
  );
}
