/**
 * What a sender may be verified by in SES: the address itself, its domain, or a domain above that one; a top-level
 * domain is nobody's.
 *
 * @param address `costs@mail.example.com`
 * @returns the address and the domains, the nearest first
 */
export function identitiesOf(address: string): string[] {
  const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
  const domains = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
  return [address, ...domains];
}
