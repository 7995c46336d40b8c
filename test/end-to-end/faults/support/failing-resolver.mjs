// Loaded before the bundle with --import: the first lookup of a name by the process fails or is wrong, every later one
// works as usual. `?first=` is the address that the first one gets, or the code of its error.
import dns from 'node:dns';

const first = new URL(import.meta.url).searchParams.get('first');
const { lookup } = dns;

dns.lookup = (hostname, options, callback) => {
  dns.lookup = lookup;
  if (first.includes(':')) callback(null, [{ address: first, family: 6 }]);
  else callback(Object.assign(new Error(`getaddrinfo ${first} ${hostname}`), { code: first }));
};
