// Loaded before the bundle with --import: tells each file that the process loads in a line of its standard error.
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith('file:')) process.stderr.write(`loads ${url}\n`);
    return nextLoad(url, context);
  },
});
