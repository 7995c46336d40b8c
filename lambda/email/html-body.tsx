import type { JSX } from 'preact';
import { render } from 'preact-render-to-string';
import { factsOf } from './facts.ts';
import type { RoomLine, Summary } from './summary.ts';
import { visibleName } from './visible-text.ts';

/**
 * The mail as HTML. Inline styles carry the light look, for mail programs that drop style sheets; the sheet adds
 * the dark one and the narrow one. Preact escapes all text.
 */
export function htmlBody(summary: Summary): string {
  return `<!DOCTYPE html>${render(<Mail summary={summary} />)}`;
}

const INK = '#1b1f24';
const QUIET = '#57606a';
const LINE = '#d8dee4';
const SANS = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

const STYLE_SHEET = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .page, .card { background-color: #16191d !important; }
    .ink { color: #e6e9ed !important; }
    .quiet { color: #a3acb7 !important; }
    .line { border-color: #343b44 !important; }
    .remark { background-color: #3a2f12 !important; color: #f4dfa6 !important; border-color: #b98a1d !important; }
  }
  @media (max-width: 480px) {
    .card { padding: 16px 12px !important; }
    .total { font-size: 34px !important; }
    .cell { padding: 7px 4px !important; font-size: 13px !important; }
  }
`;

function Mail({ summary }: { readonly summary: Summary }): JSX.Element {
  const facts = factsOf(summary);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{facts.title}</title>
        <style>{STYLE_SHEET}</style>
      </head>
      <body class="page" style={`margin:0;padding:0;background-color:#f4f6f8;font-family:${SANS};`}>
        <div style="display:none;max-height:0;overflow:hidden;">{facts.preheader}</div>
        <table
          role="presentation"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          style="border-collapse:collapse;"
        >
          <tr>
            <td align="center" style="padding:12px 4px;">
              <table
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                style="max-width:640px;border-collapse:collapse;text-align:left;"
              >
                <tr>
                  <td class="card ink" style={`padding:28px 32px;background-color:#ffffff;color:${INK};`}>
                    <Headline summary={summary} />
                    {facts.remarks.map((remark) => (
                      <Remark key={remark} text={remark} />
                    ))}
                    {summary.roomLines.length > 0 && <Rooms summary={summary} />}
                    <p
                      class="ink"
                      style={`margin:20px 0 0;font-size:14px;line-height:20px;color:${INK};overflow-wrap:anywhere;`}
                    >
                      {facts.file}
                    </p>
                    <p
                      class="quiet"
                      style={`margin:8px 0 0;font-size:12px;line-height:18px;color:${QUIET};overflow-wrap:anywhere;`}
                    >
                      {facts.provenance}
                    </p>
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>
  );
}

function Headline({ summary }: { readonly summary: Summary }): JSX.Element {
  const facts = factsOf(summary);
  return (
    <>
      <h1 class="ink" style={`margin:0;font-size:16px;line-height:22px;font-weight:600;color:${INK};`}>
        {facts.title}
      </h1>
      <p class="quiet" style={`margin:2px 0 0;font-size:13px;line-height:18px;color:${QUIET};`}>
        {facts.when}
      </p>
      <p
        class="ink total"
        style={`margin:18px 0 0;font-size:42px;line-height:1.1;font-weight:700;letter-spacing:-0.5px;color:${INK};`}
      >
        {summary.total}
      </p>
      {facts.comparison !== null && (
        <p class="ink" style={`margin:6px 0 0;font-size:15px;line-height:20px;font-weight:600;color:${INK};`}>
          {facts.comparison}
        </p>
      )}
      <p class="quiet" style={`margin:4px 0 0;font-size:15px;line-height:20px;color:${QUIET};`}>
        {facts.volume}
      </p>
    </>
  );
}

function Remark({ text }: { readonly text: string }): JSX.Element {
  return (
    <p
      class="remark"
      style="margin:14px 0 0;padding:10px 12px;border-left:4px solid #d4a72c;background-color:#fff8e1;color:#5c4400;font-size:14px;line-height:20px;overflow-wrap:anywhere;"
    >
      {text}
    </p>
  );
}

function Rooms({ summary }: { readonly summary: Summary }): JSX.Element {
  const { roomLines, otherRooms } = summary;
  return (
    <table width="100%" cellpadding="0" cellspacing="0" style="margin-top:22px;border-collapse:collapse;">
      <caption
        class="quiet"
        style={`padding-bottom:6px;text-align:left;font-size:13px;line-height:18px;color:${QUIET};`}
      >
        {otherRooms === null
          ? 'Rooms, dearest first'
          : `The ${roomLines.length} dearest rooms, then all others`}
      </caption>
      <thead>
        <tr>
          <Heading text="Room" align="left" />
          <Heading text="Sessions" align="right" />
          <Heading text="Time" align="right" />
          <Heading text="Charge" align="right" />
        </tr>
      </thead>
      <tbody>
        {roomLines.map((line) => (
          <Row key={line.name} line={line} />
        ))}
        {otherRooms !== null && <Row line={otherRooms.line} />}
      </tbody>
    </table>
  );
}

function Heading({ text, align }: { readonly text: string; readonly align: 'left' | 'right' }): JSX.Element {
  return (
    <th
      scope="col"
      class="cell quiet line"
      style={`padding:7px 8px;border-bottom:2px solid ${LINE};text-align:${align};font-size:12px;line-height:16px;font-weight:600;color:${QUIET};`}
    >
      {text}
    </th>
  );
}

function Row({ line: { name, sessions, duration, charge } }: { readonly line: RoomLine }): JSX.Element {
  const cell = `padding:7px 8px;border-bottom:1px solid ${LINE};font-size:14px;line-height:20px;color:${INK};`;
  const figure = `${cell}text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;`;
  return (
    <tr>
      <th
        scope="row"
        class="cell ink line"
        style={`${cell}text-align:left;font-weight:400;overflow-wrap:anywhere;`}
      >
        <bdi>{visibleName(name)}</bdi>
      </th>
      <td class="cell ink line" style={figure}>
        {sessions}
      </td>
      <td class="cell ink line" style={figure}>
        {duration}
      </td>
      <td class="cell ink line" style={`${figure}font-weight:600;`}>
        {charge}
      </td>
    </tr>
  );
}
