// Loaded before the bundle with --import: the first name that the process looks up meets a fault, every later one
// is looked up as usual. `?first=` is the address that the first one gets, or else the error's code.
import dns from 'node:dns';

const first = new URL(import.meta.url).searchParams.get('first');
const { lookup } = dns;

dns.lookup = (hostname, options, callback) => {
  dns.lookup = lookup;
  if (first.includes(':')) callback(null, [{ address: first, family: 6 }]);
  else callback(Object.assign(new Error(`getaddrinfo ${first} ${hostname}`), { code: first }));
};
