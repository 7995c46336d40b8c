/**
 * The SES identities that can verify a sender: the address itself, its domain, or a parent domain, except the top-level
 * domain.
 *
 * @param address `costs@mail.example.com`
 * @returns the address and the domains, most specific first
 */
export function identitiesOf(address: string): string[] {
  const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
  const domains = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
  return [address, ...domains];
}
