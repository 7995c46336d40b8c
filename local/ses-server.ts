import { randomBytes, randomUUID } from 'node:crypto';
import { findSignatureProblem, type AwsIdentity, type SignatureProblem } from './aws-signature.ts';
import { LoopbackServer, type Answer, type RecordedRequest } from './loopback-server.ts';
import { findMessageFault } from './mime-check.ts';
import { invalidParameter, type SesRefusal } from './ses-refusal.ts';
import { xmlDocument } from './xml.ts';

/** A mail that SES has accepted. */
export interface SentMail {
  readonly messageId: string;
  /** The envelope's sender, as given. */
  readonly source: string;
  /** The envelope's recipients, in the order given. */
  readonly destinations: readonly string[];
  /** The message as it was sent, decoded from base64. */
  readonly raw: Buffer;
  /** By the server's clock. */
  readonly at: Date;
}

export interface SesServerOptions extends AwsIdentity {
  /** The configuration sets that exist. */
  readonly configurationSets?: readonly string[];
}

const XMLNS = 'http://ses.amazonaws.com/doc/2010-12-01/';
const VERSION = '2010-12-01';
const MAXIMUM_MESSAGE_BYTES = 10 * 1024 * 1024;
const MAXIMUM_RECIPIENTS = 50;
const KNOWN_PARAMETERS = new Set(['Action', 'Version', 'Source', 'RawMessage.Data', 'ConfigurationSetName']);

const SIGNATURE_REFUSALS: Readonly<Record<SignatureProblem, SesRefusal>> = {
  missing: {
    status: 403,
    code: 'MissingAuthenticationToken',
    message: 'Request is missing Authentication Token',
  },
  malformed: {
    status: 403,
    code: 'IncompleteSignature',
    message: 'The request is not signed correctly.',
  },
  'unknown-key': {
    status: 403,
    code: 'InvalidClientTokenId',
    message: 'The security token included in the request is invalid.',
  },
  mismatch: { status: 403, code: 'SignatureDoesNotMatch', message: 'The signature does not match.' },
  'payload-mismatch': {
    status: 403,
    code: 'SignatureDoesNotMatch',
    message: 'The body is not what was signed.',
  },
};

/** SES version 1, but only SendRawEmail: checks the call, and keeps the mail instead of sending it. */
export class SesServer extends LoopbackServer {
  /** All accepted mails, in order. */
  readonly outbox: SentMail[] = [];
  /** If set, every well-formed mail is refused like this. */
  refuseWith: SesRefusal | null = null;
  readonly #identity: AwsIdentity;
  readonly #configurationSets: ReadonlySet<string>;

  constructor({ configurationSets = [], ...identity }: SesServerOptions) {
    super();
    this.#identity = identity;
    this.#configurationSets = new Set(configurationSets);
  }

  protected override async handle(request: RecordedRequest): Promise<Answer> {
    const problem = await findSignatureProblem(request, 'ses', this.#identity);
    const result = problem === null ? this.#receive(request) : SIGNATURE_REFUSALS[problem];
    return 'code' in result ? refusalAnswer(result) : acceptanceAnswer(result.messageId);
  }

  #receive({ method, url, headers, body }: RecordedRequest): SentMail | SesRefusal {
    const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
    if (method !== 'POST' || url !== '/' || !isForm) return notImplemented(`${method} ${url}`);
    const form = new URLSearchParams(body.toString('utf8'));
    const action = form.get('Action');
    if (action !== 'SendRawEmail') {
      return { code: 'InvalidAction', message: `Could not find operation ${String(action)}` };
    }
    if (form.get('Version') !== VERSION) return invalidParameter(`Version must be ${VERSION}`);

    const destinations: string[] = [];
    for (const name of form.keys()) {
      if (name === `Destinations.member.${destinations.length + 1}`) destinations.push(form.get(name) ?? '');
      else if (!KNOWN_PARAMETERS.has(name)) return notImplemented(`the parameter ${name}`);
    }
    const source = form.get('Source');
    if (source === null || destinations.length === 0) {
      return notImplemented('a mail whose envelope is taken from its headers: give Source and Destinations');
    }
    const data = form.get('RawMessage.Data') ?? '';
    const raw = Buffer.from(data, 'base64');
    if (data === '' || raw.toString('base64') !== data)
      return invalidParameter('RawMessage.Data must be base64');

    const configurationSet = form.get('ConfigurationSetName');
    const refusal =
      findEnvelopeFault(source, destinations) ??
      findSizeFault(raw) ??
      findMessageFault(raw) ??
      (configurationSet === null || this.#configurationSets.has(configurationSet)
        ? null
        : {
            code: 'ConfigurationSetDoesNotExist',
            message: `Configuration set <${configurationSet}> does not exist.`,
          }) ??
      this.refuseWith;
    if (refusal !== null) return refusal;

    const messageId = `${randomBytes(8).toString('hex')}-${randomUUID()}-000000`;
    const mail: SentMail = { messageId, source, destinations, raw, at: this.now() };
    this.outbox.push(mail);
    return mail;
  }
}

/** Starts an SES server with an empty outbox. */
export function startSesServer(options: SesServerOptions): Promise<SesServer> {
  return new SesServer(options).listen();
}

function findEnvelopeFault(source: string, destinations: readonly string[]): SesRefusal | null {
  if (destinations.length > MAXIMUM_RECIPIENTS) {
    return { code: 'MessageRejected', message: `Recipient count exceeds ${MAXIMUM_RECIPIENTS}.` };
  }
  const wrong = [source, ...destinations].find((address) => !isMailbox(address));
  return wrong === undefined ? null : invalidParameter(`Illegal address: ${JSON.stringify(wrong)}`);
}

/** `local@domain` in ASCII, bare or as `Name <local@domain>`. */
function isMailbox(text: string): boolean {
  const [, address = text] = /^[\x20-\x7e]*<([^<>]+)>$/.exec(text) ?? [];
  return /^[!-;=?A-~]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(address);
}

function findSizeFault(raw: Buffer): SesRefusal | null {
  return raw.length > MAXIMUM_MESSAGE_BYTES
    ? invalidParameter(`Message length is more than ${MAXIMUM_MESSAGE_BYTES} bytes long: '${raw.length}'.`)
    : null;
}

function notImplemented(what: string): SesRefusal {
  return { status: 501, code: 'NotImplemented', message: `This server does not implement ${what}` };
}

function acceptanceAnswer(messageId: string): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: xmlDocument({
      SendRawEmailResponse: {
        '@xmlns': XMLNS,
        SendRawEmailResult: { MessageId: messageId },
        ResponseMetadata: { RequestId: randomUUID() },
      },
    }),
  };
}

function refusalAnswer({ status = 400, code, message }: SesRefusal): Answer {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: xmlDocument({
      ErrorResponse: {
        '@xmlns': XMLNS,
        Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message },
        RequestId: randomUUID(),
      },
    }),
  };
}
