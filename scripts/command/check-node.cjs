const { engines } = require("../../package.json");

// Loaded before the scripts that a newcomer starts, because npm checks `engines` only when it installs. An older
// Node.js could not even link the modules of those scripts.

const { node } = process.versions;
const floor = engines.node.replace(">=", "");
if (rank(node) < rank(floor)) {
  console.error(`✘ Node.js ${node} is too old. Install ${floor} or later.`);
  process.exit(2);
}

/**
 * Returns a number that orders versions.
 *
 * @param {string} version
 */
function rank(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 1000 + minor;
}
