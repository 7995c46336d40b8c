/**
 * The mail's styles. Inline styles carry the light one, for mail programs that drop style sheets; the style sheet adds
 * the dark and the narrow one. All text colours have a contrast of at least 4.5 with their background.
 */
export const INK = '#1b1f24';
export const QUIET = '#57606a';
export const LINE = '#d8dee4';

const SANS = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

export const PAGE = `margin:0;padding:0;background-color:#f4f6f8;font-family:${SANS};`;

/** Text that mail programs show as a preview in the list of mails; hidden in the mail itself. */
export const PREHEADER = 'display:none;max-height:0;overflow:hidden;mso-hide:all;';

/** The kinds of boxes: each has a class, for the dark style, and its light style. */
export const BOXES = {
  ok: { class: 'ok', style: 'border-left:4px solid #1a7f37;background-color:#eaf6ec;color:#0f4a21;' },
  check: { class: 'check', style: 'border-left:4px solid #cf222e;background-color:#fdecea;color:#7d1119;' },
  note: { class: 'note', style: 'border-left:4px solid #d4a72c;background-color:#fff8e1;color:#5c4400;' },
} as const;

export const BAR = '#5b8def';
export const REPORTED_BAR = '#1f4fa3';

export function text(size: number, color: string, more = ''): string {
  return `margin:0;font-size:${size}px;line-height:${Math.round(size * 1.4)}px;color:${color};${more}`;
}

export const STYLE_SHEET = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.page,.card{background-color:#16191d!important}
.ink{color:#e6e9ed!important}
.quiet{color:#a3acb7!important}
.cell{border-color:#343b44!important}
.ok{background-color:#12301b!important;color:#b7e4c3!important;border-color:#3fb950!important}
.check{background-color:#3d1518!important;color:#ffc9c9!important;border-color:#f85149!important}
.note{background-color:#3a2f12!important;color:#f4dfa6!important;border-color:#b98a1d!important}
.bar{background-color:#4a78cf!important}
.now{background-color:#9bbcff!important}
}
@media (max-width:480px){
.card{padding:16px 12px!important}
.total{font-size:34px!important;line-height:40px!important}
.cell{padding:6px 4px!important;font-size:12px!important;line-height:17px!important}
.detailed{padding-bottom:0!important}
.detail{padding-top:0!important}
.day{padding:2px 4px!important;font-size:12px!important;width:80px!important}
}`;
