export type { ModelEntry, ModelInput, ModelOf, ModelTask, PackManifest } from './manifest';
export { LIVENESS_SIGNALS } from './manifest/liveness';
export {
  defaultManifestPath,
  loadPack,
  ModelPack,
  PackError,
  type PackedModel,
  type PackReason,
  readPack,
  verifyPack,
} from './pack';
