import { expect, test } from '@jest/globals';
import { output, resources, synthesized, theOnly } from '../synthesized.ts';

test('no identity is created by default', () => {
  expect(resources(synthesized(), 'AWS::SES::EmailIdentity')).toEqual([]);
});

test('a domain is verified by DNS records that are outputs of the stack', () => {
  const template = synthesized({ sesIdentity: 'example.com' });
  const identity = theOnly(template, 'AWS::SES::EmailIdentity');
  expect(identity.Properties).toEqual({ EmailIdentity: 'example.com' });
  const record = (n: number): unknown => ({
    'Fn::Join': [
      '',
      [
        { 'Fn::GetAtt': [identity.id, `DkimDNSTokenName${n}`] },
        ' CNAME ',
        { 'Fn::GetAtt': [identity.id, `DkimDNSTokenValue${n}`] },
      ],
    ],
  });
  expect([1, 2, 3].map((n) => output(template, `SenderDnsRecord${n}`))).toEqual([1, 2, 3].map(record));
});

test('an address is verified by the mail that SES sends to it', () => {
  const template = synthesized({ sesIdentity: 'costs@example.com' });
  expect(theOnly(template, 'AWS::SES::EmailIdentity').Properties).toEqual({
    EmailIdentity: 'costs@example.com',
  });
  expect(output(template, 'SenderDnsRecord1')).toBeNull();
});
