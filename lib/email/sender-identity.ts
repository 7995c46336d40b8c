import { EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';

export interface SenderIdentityProps {
  /** The address or the domain to be verified. */
  readonly identity: string;
}

/** A DNS record to publish; both parts are known once the stack is deployed. */
export interface DnsRecord {
  /** `<token>._domainkey.example.com`. */
  readonly name: string;
  /** What the record points to. */
  readonly value: string;
}

/**
 * The sender's SES identity. An address is verified by the link in a mail, a domain by three CNAME records, which are
 * also used to sign its mails (DKIM).
 */
export class SenderIdentity extends Construct {
  /** The CNAME records that verify a domain; none for an address. */
  readonly dnsRecords: readonly DnsRecord[];

  constructor(scope: Construct, id: string, { identity }: SenderIdentityProps) {
    super(scope, id);
    const isAddress = identity.includes('@');
    const verified = new EmailIdentity(this, 'Resource', {
      identity: isAddress ? Identity.email(identity) : Identity.domain(identity),
    });
    this.dnsRecords = isAddress ? [] : verified.dkimRecords;
  }
}
