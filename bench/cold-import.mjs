// Prints how many milliseconds this fresh process takes to load a module.
import { pathToFileURL } from 'node:url';

const started = performance.now();
await import(pathToFileURL(process.argv[2]).href);
console.log(performance.now() - started);
// Whatever the module has opened must not keep the process alive.
process.exit();
