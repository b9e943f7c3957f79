import { loadPack } from '@mien/models';
import type { BoundingBox, Template } from '@mien/proto';
import { MienClient } from '@mien/sdk';
import { decodePhoto, TemplatePipeline } from '@mien/vision';
import { mienUp } from '../platform/mien-up';
import { nearestToCentre } from './central-face';

/** The central face of an LFW photo. */
export interface CentralFace {
  readonly box: BoundingBox;
  readonly template: Template;
}

/** Something that finds the face in the middle of an LFW photo and makes its template. */
export interface TemplateSource {
  /** Undefined when the photo has no face at all. */
  centralFace(photo: Buffer): Promise<CentralFace | undefined>;
  close(): Promise<void>;
}

const DECODING = { maxBytes: 10_000_000, maxSide: 8_000, minSide: 20, maxPixels: 25_000_000 };
const DETECTION = { minFaceSize: 20, maxFaces: 120, rotationSearch: false };

/** A platform of its own, asked over gRPC as a client asks it. */
export async function platformSource(manifest: string): Promise<TemplateSource> {
  const platform = await mienUp({ MIEN_MODEL_PACK: manifest });
  const client = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
  return {
    centralFace: async (photo) => {
      const { faces } = await client.detect(photo, { features: { landmarks: true, template: true } });
      const complete = faces.flatMap(({ box, template }) => (box && template ? [{ box, template }] : []));
      return nearestToCentre(complete, ({ box }) => box);
    },
    close: async () => {
      client.close();
      await platform.stop();
    },
  };
}

/** The same vision code in this process. */
export async function inProcessSource(manifest: string): Promise<TemplateSource> {
  const pipeline = await TemplatePipeline.open(loadPack(manifest), { threads: 1 });
  return {
    centralFace: async (photo) => {
      const faces = await pipeline.templates(await decodePhoto(photo, DECODING), DETECTION);
      const found = faces.map(({ detection: { box }, template }) => ({ box, template }));
      return nearestToCentre(found, ({ box }) => box);
    },
    close: () => pipeline.close(),
  };
}
