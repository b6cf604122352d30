/** The command line's door: parses arguments, maps every end to an exit code, prints one line for bad input. */
const minimumNode = 24;
if (Number(process.versions.node.split(".")[0]) < minimumNode) {
  console.error(
    `oke-proof: needs Node ${minimumNode}, found ${process.versions.node}: run 'npm ci' (it brings its own), or install Node ${minimumNode}`,
  );
  process.exitCode = 3;
} else {
  const { runCommandLine } = await import("./program.ts");
  process.exitCode = await runCommandLine(process.argv.slice(2));
}
