import type { JSX } from 'preact';
import { render } from 'preact-render-to-string';
import { BOXES, INK, PAGE, PREHEADER, QUIET, STYLE_SHEET, text } from './html-style.ts';
import { Bars, DataTable } from './html-tables.tsx';
import type { Remark } from './remarks.ts';
import type { Summary } from './summary.ts';
import { visibleName } from './visible-text.ts';

/** The mail as HTML: tables and inline styles, no scripts, images or remote content. Preact escapes all text. */
export function htmlBody(summary: Summary): string {
  return `<!DOCTYPE html>${render(<Mail summary={summary} />)}`;
}

function Mail({ summary }: { readonly summary: Summary }): JSX.Element {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{summary.title}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE_SHEET }} />
      </head>
      <body class="page" style={PAGE}>
        <div style={PREHEADER}>{statusLine(summary)}</div>
        <Centred>
          <Contents summary={summary} />
        </Centred>
      </body>
    </html>
  );
}

/** One centred column, at most 640 pixels wide; made of tables, since mail programs support nothing better. */
function Centred({ children }: { readonly children: JSX.Element }): JSX.Element {
  const layout = { role: 'presentation', width: '100%', cellpadding: '0', cellspacing: '0' } as const;
  return (
    <table {...layout} style="border-collapse:collapse;">
      <tr>
        <td align="center" style="padding:12px 4px;">
          <table {...layout} style="max-width:640px;border-collapse:collapse;text-align:left;">
            <tr>
              <td class="card ink" style={`padding:28px 32px;background-color:#ffffff;color:${INK};`}>
                {children}
              </td>
            </tr>
          </table>
        </td>
      </tr>
    </table>
  );
}

function Contents({ summary }: { readonly summary: Summary }): JSX.Element {
  return (
    <>
      <StatusBox summary={summary} />
      <p class="ink" style={text(15, INK, 'margin-top:16px;font-weight:600;')}>
        {summary.title}
      </p>
      <p class="quiet" style={text(13, QUIET)}>
        {summary.when}
      </p>
      {summary.firstRemarks.map((remark, index) => (
        <RemarkBox key={index} remark={remark} />
      ))}
      <p class="ink total" style={text(42, INK, TOTAL)}>
        {summary.total}
      </p>
      <p class="quiet" style={text(15, QUIET)}>
        {summary.volume}
      </p>
      <DataTable table={summary.figures} />
      <DataTable table={summary.restated} />
      {summary.furtherRemarks.map((remark, index) => (
        <RemarkBox key={index} remark={remark} />
      ))}
      <DataTable table={summary.movements} />
      <DataTable table={summary.rooms} />
      <Bars bars={summary.bars} />
      <DataTable table={summary.reconciliation} />
      {summary.footnotes.map((footnote) => (
        <p key={footnote} class="quiet" style={text(12, QUIET, 'margin-top:12px;')}>
          {footnote}
        </p>
      ))}
    </>
  );
}

const TOTAL = 'margin-top:18px;font-weight:700;letter-spacing:-0.5px;overflow-wrap:anywhere;';
const BOX = 'padding:10px 12px;overflow-wrap:anywhere;';

function statusLine({ status: { mark, sentence } }: Summary): string {
  return `${mark}: ${sentence}`;
}

function StatusBox({ summary }: { readonly summary: Summary }): JSX.Element {
  const look = summary.status.mark === 'OK' ? BOXES.ok : BOXES.check;
  return (
    <h1
      class={look.class}
      style={`margin:0;${BOX}${look.style}font-size:17px;line-height:24px;font-weight:600;`}
    >
      {statusLine(summary)}
    </h1>
  );
}

function RemarkBox({ remark: { isCheck, sentence } }: { readonly remark: Remark }): JSX.Element {
  const look = isCheck ? BOXES.check : BOXES.note;
  return (
    <p class={look.class} style={`margin:14px 0 0;${BOX}${look.style}font-size:14px;line-height:20px;`}>
      {sentence.map((part) => (typeof part === 'string' ? part : <bdi>{visibleName(part.name)}</bdi>))}
    </p>
  );
}
