import * as z from 'zod';
import { parseJsonOrNull } from '../json.ts';
import { SignalWireRejectedError } from '../errors.ts';
import type { Credentials } from './credentials.ts';

// If one field has an unexpected type, the operator still gets the others.
const word = z.coerce.string().nullish().catch(null);
const plainError = z.object({ error: z.string() });
const detailedErrors = z.object({
  errors: z.array(z.object({ code: word, message: word, attribute: word })),
});

const CHECK_TOKEN =
  'Check the project id and the token in the secret: the token needs the Video scope, and must belong to this space';
const REMEDIES: Readonly<Record<number, string>> = {
  401: CHECK_TOKEN,
  403: CHECK_TOKEN,
  404: 'Check SIGNALWIRE_SPACE_URL: the space may have been renamed',
};

/**
 * The error for a request that SignalWire refuses, with the API's own words if it sent any.
 *
 * @param body the answer's body, whatever it is
 * @param credentials which must not appear in the message, even if the API repeats them
 */
export function rejection(status: number, body: string, credentials: Credentials): SignalWireRejectedError {
  const remedy =
    REMEDIES[status] ?? 'The request itself is not accepted: show this message to the developers';
  const reasons = reasonsGiven(body).map((reason) => brief(withoutSecrets(reason, credentials)));
  const said = reasons.length === 0 ? '' : ` and said: ${reasons.join('; ')}`;
  return new SignalWireRejectedError(`SignalWire refused the request with ${status}${said}. ${remedy}.`);
}

function reasonsGiven(text: string): string[] {
  const body = parseJsonOrNull(text);
  const plain = plainError.safeParse(body);
  if (plain.success) return [plain.data.error];
  const detailed = detailedErrors.safeParse(body);
  if (!detailed.success) return [];
  return detailed.data.errors.slice(0, 5).map(({ message, code, attribute }) => {
    const labels = [code && `code ${code}`, attribute && `attribute ${attribute}`].filter(Boolean);
    return `${message ?? 'no message'}${labels.length === 0 ? '' : ` (${labels.join(', ')})`}`;
  });
}

/** One line of at most 300 characters. */
function brief(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 300);
}

function withoutSecrets(text: string, { projectId, apiToken }: Credentials): string {
  const base64 = (secret: string): string => Buffer.from(secret).toString('base64');
  const forms = [
    base64(`${projectId}:${apiToken}`),
    base64(apiToken),
    encodeURIComponent(apiToken),
    apiToken,
  ];
  return forms.reduce((cleaned, form) => cleaned.replaceAll(form, '…'), text);
}
