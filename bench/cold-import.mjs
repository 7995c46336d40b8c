// Prints how many milliseconds a fresh process takes to load a module.
import { pathToFileURL } from 'node:url';

const started = performance.now();
await import(pathToFileURL(process.argv[2]).href);
console.log(performance.now() - started);
// What the module has opened must not keep the process.
process.exit();
