import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import type { JSX } from 'preact';
import { render } from 'preact-render-to-string';
import { BUCKET, type Cloud } from './cloud.ts';

interface Page {
  readonly type: string;
  readonly body: string | Buffer;
}

/** A page that is being served. */
export interface OutboxPage {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a page on the loopback that shows the mails that SES accepted, each as HTML (wide and narrow), text, source
 * and attachment side by side, and the files in the archive.
 */
export async function serveOutbox(cloud: Cloud): Promise<OutboxPage> {
  const mails = await Promise.all(cloud.ses.outbox.map(({ raw }) => PostalMime.parse(raw)));
  const server = createServer((request, response) => {
    const page = route(new URL(request.url ?? '/', 'http://127.0.0.1'), mails, cloud);
    // A mail is shown as in a mail program: no script runs, and nothing is fetched from elsewhere.
    response.writeHead(page === null ? 404 : 200, {
      'content-type': page?.type ?? 'text/plain',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
    });
    response.end(page?.body ?? 'There is no such page.');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function route({ pathname, searchParams }: URL, mails: readonly Email[], cloud: Cloud): Page | null {
  const [, kind = '', number = ''] = pathname.split('/');
  const mail = mails[Number(number)];
  const sent = cloud.ses.outbox[Number(number)];
  if (kind === '') {
    const sources = cloud.ses.outbox.map(({ raw }) => raw.toString());
    return html(<Outbox mails={mails} sources={sources} keys={cloud.s3.bucket(BUCKET).keys()} />);
  }
  if (kind === 'html' && mail !== undefined)
    return { type: 'text/html; charset=utf-8', body: mail.html ?? '' };
  if (kind === 'source' && sent !== undefined) return { type: 'text/plain; charset=utf-8', body: sent.raw };
  const key = searchParams.get('key');
  if (kind === 'file' && key !== null && cloud.s3.bucket(BUCKET).keys().includes(key)) {
    return { type: 'text/plain; charset=utf-8', body: cloud.s3.bucket(BUCKET).bytes(key) };
  }
  return null;
}

function html(content: JSX.Element): Page {
  return { type: 'text/html; charset=utf-8', body: `<!DOCTYPE html>${render(content)}` };
}

const STYLE_SHEET = `
  :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
  body { margin: 0; padding: 24px; }
  h1 { font-size: 20px; } h2 { font-size: 16px; margin: 32px 0 4px; } h3 { font-size: 13px; margin: 0 0 6px; }
  p { margin: 0 0 12px; }
  .views { display: flex; gap: 16px; overflow-x: auto; align-items: stretch; height: 900px; }
  .views > div { display: flex; flex-direction: column; flex: 0 0 auto; width: 640px; }
  .views > div.wide { width: 720px; } .views > div.narrow { width: 340px; }
  iframe, pre { flex: 1 1 0; box-sizing: border-box; width: 100%; margin: 0; border: 1px solid #8886; border-radius: 6px; }
  pre { overflow: auto; padding: 12px; font-size: 12px; line-height: 1.4; }
  a { color: LinkText; } li { margin: 4px 0; }
`;

interface OutboxProps {
  readonly mails: readonly Email[];
  /** The raw mails as SES accepted them, in the same order. */
  readonly sources: readonly string[];
  readonly keys: readonly string[];
}

function Outbox({ mails, sources, keys }: OutboxProps): JSX.Element {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Outbox</title>
        <style>{STYLE_SHEET}</style>
      </head>
      <body>
        <h1>
          Outbox: {mails.length} {mails.length === 1 ? 'mail' : 'mails'}
        </h1>
        {mails.map((mail, number) => (
          <MailViews key={number} mail={mail} source={sources[number] ?? ''} number={number} />
        ))}
        <h2>Archive: {keys.length} files</h2>
        <ul>
          {keys.map((key) => (
            <li key={key}>
              <a href={`/file?key=${encodeURIComponent(key)}`}>{key}</a>
            </li>
          ))}
        </ul>
      </body>
    </html>
  );
}

interface MailViewsProps {
  readonly mail: Email;
  readonly source: string;
  readonly number: number;
}

function MailViews({ mail, source, number }: MailViewsProps): JSX.Element {
  const to = (mail.to ?? []).map(({ address }) => address).join(', ');
  return (
    <section>
      <h2>{mail.subject}</h2>
      <p>
        To {to} · <a href={`/html/${number}`}>HTML alone</a> · <a href={`/source/${number}`}>source alone</a>
      </p>
      <div class="views" tabIndex={0} role="region" aria-label={`Views of ${mail.subject ?? 'the mail'}`}>
        {(['wide', 'narrow'] as const).map((width) => (
          <div key={width} class={width}>
            <h3>HTML, {width}</h3>
            <iframe sandbox="" src={`/html/${number}`} title={`HTML, ${width}`} />
          </div>
        ))}
        <View title="Text" content={mail.text ?? ''} />
        {mail.attachments.map(({ filename, content }) => (
          <View
            key={filename}
            title={`Attached: ${filename ?? 'without a name'}`}
            content={textOf(content)}
          />
        ))}
        <View title="Source" content={source} />
      </div>
    </section>
  );
}

function View({ title, content }: { readonly title: string; readonly content: string }): JSX.Element {
  return (
    <div>
      <h3>{title}</h3>
      <pre tabIndex={0}>{content}</pre>
    </div>
  );
}

function textOf(content: Email['attachments'][number]['content']): string {
  return typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString();
}
