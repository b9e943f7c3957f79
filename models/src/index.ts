export type { ModelEntry, ModelInput, ModelOf, ModelTask, PackManifest } from './manifest';
export {
  defaultManifestPath,
  loadPack,
  ModelPack,
  PackError,
  type PackedModel,
  type PackReason,
  verifyPack,
} from './pack';
