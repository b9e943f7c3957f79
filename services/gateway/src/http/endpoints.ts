import {
  CheckLivenessRequest,
  CheckLivenessResponse,
  CompareRequest,
  CompareResponse,
  DetectRequest,
  DetectResponse,
  type Image,
} from '@mien/proto';
import type { Call } from '../usecases/call';
import type { FaceUseCases } from '../usecases/face-use-cases';

/** One RPC of FaceService as HTTP offers it. */
export interface Endpoint {
  readonly path: string;
  /** The RPC's name in mien.v1.FaceService. */
  readonly rpc: string;
  /** File parts of the multipart form, by the names that the .proto gives these fields. */
  readonly photoFields: readonly string[];
  /** A request to show in the documentation. */
  readonly example: object;
  /**
   * From a request in canonical proto3 JSON, and photos given beside it by field, to the answer in ts-proto's
   * JSON.
   */
  answer(json: unknown, photos: PhotoParts, useCases: FaceUseCases, call: Call): Promise<unknown>;
}

/** Photos that came as parts of a form, by field. */
export type PhotoParts = ReadonlyMap<string, Buffer>;

export const FACE_SERVICE = 'mien.v1.FaceService';

export const ENDPOINTS: readonly Endpoint[] = [
  {
    path: '/v1/detect',
    rpc: 'Detect',
    photoFields: ['image'],
    example: {
      image: { url: 'https://example.com/photo.jpg' },
      detection: { maxFaces: 5 },
      features: { landmarks: true, quality: true },
    },
    answer: async (json, photos, useCases, call) => {
      const request = DetectRequest.fromJSON(json);
      request.image = photoPart(photos, 'image') ?? request.image;
      return DetectResponse.toJSON(await useCases.detect(request, call));
    },
  },
  {
    path: '/v1/compare',
    rpc: 'Compare',
    photoFields: ['image_a', 'image_b'],
    example: {
      imageA: { url: 'https://example.com/passport.jpg' },
      imageB: { url: 'https://example.com/selfie.jpg' },
      qualityControl: 2,
    },
    answer: async (json, photos, useCases, call) => {
      const request = CompareRequest.fromJSON(json);
      request.imageA = photoPart(photos, 'image_a') ?? request.imageA;
      request.imageB = photoPart(photos, 'image_b') ?? request.imageB;
      return CompareResponse.toJSON(await useCases.compare(request, call));
    },
  },
  {
    path: '/v1/liveness',
    rpc: 'CheckLiveness',
    photoFields: ['image'],
    example: { image: { url: 'https://example.com/selfie.jpg' } },
    answer: async (json, photos, useCases, call) => {
      const request = CheckLivenessRequest.fromJSON(json);
      request.image = photoPart(photos, 'image') ?? request.image;
      return CheckLivenessResponse.toJSON(await useCases.checkLiveness(request, call));
    },
  },
];

function photoPart(photos: PhotoParts, field: string): Image | undefined {
  const bytes = photos.get(field);
  return bytes === undefined ? undefined : { source: { $case: 'content', value: bytes } };
}
