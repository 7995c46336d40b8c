// Loaded before the bundle with --import: prints each file that the process loads, one per line, to standard error.
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith('file:')) process.stderr.write(`loads ${url}\n`);
    return nextLoad(url, context);
  },
});
