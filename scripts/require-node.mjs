// The function runs on Node 24, and so does everything here: npm puts the `node` package's own binary first on the
// path. Where that package could not be installed, another recent Node does, too; an older one fails in odd ways.
const [major] = process.versions.node.split('.').map(Number);
if (major < 22) {
  console.error(
    `This runs on Node ${process.versions.node}, but needs 22 or later (24 is what Lambda runs).\n` +
      'The optional package `node` brings it. Was it left out by --omit=optional or --ignore-scripts? Run a plain `npm ci`.\n' +
      'If it can not be downloaded here, install Node 24 and run `npm ci` again.',
  );
  process.exit(1);
}
