// The function runs on Node 24, and so does everything here: npm puts the `node` package's own binary first on the
// path. Where that package could not be installed, another recent Node does, too; an older one fails in odd ways.
const [major] = process.versions.node.split('.').map(Number);
if (major < 22) {
  console.error(
    `This runs on Node ${process.versions.node}, but needs 22 or later (24 is what Lambda runs).\n` +
      'The optional package `node` brings it: run `npm ci` again and look for errors about it, or install Node 24.',
  );
  process.exit(1);
}
