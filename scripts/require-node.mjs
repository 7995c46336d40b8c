// The function runs on Node 24, and so does everything here: npm puts the binary of the `node` package first on the
// path. If that package could not be installed, another recent Node works too; an older one fails in odd ways.
const [major] = process.versions.node.split('.').map(Number);
if (major < 22) {
  console.error(
    `This is Node ${process.versions.node}, but 22 or later is needed (Lambda runs 24).\n` +
      'The optional package `node` installs it. Was it left out by --omit=optional or --ignore-scripts? Run a plain `npm ci`.\n' +
      'If it can not be downloaded here, install Node 24 and run `npm ci` again.',
  );
  process.exit(1);
}
