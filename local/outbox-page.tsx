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

/**
 * Serves a page on the loopback that shows the mails that SES took and the files in the archive.
 *
 * @returns its address
 */
export async function serveOutbox(cloud: Cloud): Promise<string> {
  const mails = await Promise.all(cloud.ses.outbox.map(({ raw }) => PostalMime.parse(raw)));
  const server = createServer((request, response) => {
    const page = route(new URL(request.url ?? '/', 'http://127.0.0.1'), mails, cloud);
    // A mail is shown as a mail program would: no script runs, nothing is fetched from elsewhere.
    response.writeHead(page === null ? 404 : 200, {
      'content-type': page?.type ?? 'text/plain',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
    });
    response.end(page?.body ?? 'There is no such page.');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function route({ pathname, searchParams }: URL, mails: readonly Email[], cloud: Cloud): Page | null {
  const [, kind = '', number = ''] = pathname.split('/');
  const mail = mails[Number(number)];
  const sent = cloud.ses.outbox[Number(number)];
  if (kind === '') return html(<Outbox mails={mails} keys={cloud.s3.bucket(BUCKET).keys()} />);
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
  body { margin: 0 auto; padding: 24px; max-width: 1400px; }
  h1 { font-size: 20px; } h2 { font-size: 16px; margin: 32px 0 8px; }
  .views { display: flex; gap: 16px; flex-wrap: wrap; align-items: flex-start; }
  iframe { border: 1px solid #8886; border-radius: 6px; height: 900px; background: #fff; }
  .wide { flex: 1 1 640px; } .narrow { width: 340px; }
  pre { overflow: auto; border: 1px solid #8886; border-radius: 6px; padding: 12px; font-size: 12px; }
  a { color: LinkText; } li { margin: 4px 0; }
`;

function Outbox({
  mails,
  keys,
}: {
  readonly mails: readonly Email[];
  readonly keys: readonly string[];
}): JSX.Element {
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
          <MailViews key={number} mail={mail} number={number} />
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

function MailViews({ mail, number }: { readonly mail: Email; readonly number: number }): JSX.Element {
  const to = (mail.to ?? []).map(({ address }) => address).join(', ');
  return (
    <section>
      <h2>{mail.subject}</h2>
      <p>
        To {to} · attached: {mail.attachments.map(({ filename }) => filename).join(', ') || 'nothing'} ·{' '}
        <a href={`/source/${number}`}>source</a>
      </p>
      <div class="views">
        <iframe class="wide" sandbox="" src={`/html/${number}`} title="wide" />
        <iframe class="narrow" sandbox="" src={`/html/${number}`} title="narrow" />
      </div>
      <pre>{mail.text}</pre>
    </section>
  );
}
