import { MienError } from '@mien/errors';
import { readPack } from '@mien/models';
import type { ScoreCalibration } from '@mien/vision';
import type { LibraryModel } from './library';

/** The embedding models of the packs, by their manifests; the first is what new groups get. Throws PackError. */
export function libraryModel(manifest: string, extraManifests: readonly string[]): LibraryModel {
  const main = embeddingOf(manifest);
  const all = [main, ...extraManifests.map(embeddingOf)];
  const calibrations = new Map(all.map(({ version, calibration }) => [version, calibration]));
  return {
    version: main.version,
    calibrationOf: (modelVersion) => {
      const calibration = calibrations.get(modelVersion);
      if (calibration === undefined) {
        throw new MienError('MODEL_VERSIONS_DIFFER', `no model pack here has the model ${modelVersion}`);
      }
      return calibration;
    },
  };
}

function embeddingOf(manifest: string): { version: string; calibration: ScoreCalibration } {
  const { version, embedding } = readPack(manifest).model('embedding');
  return { version, calibration: embedding.calibration };
}
