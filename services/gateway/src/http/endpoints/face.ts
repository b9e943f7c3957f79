import {
  CheckLivenessRequest,
  CheckLivenessResponse,
  CompareRequest,
  CompareResponse,
  DetectRequest,
  DetectResponse,
  FaceServiceService,
} from '@mien/proto';
import { type Endpoint, endpoint, photoParts } from './endpoint';

export const FACE_ENDPOINTS: readonly Endpoint[] = [
  endpoint('POST', '/v1/detect', {
    rpc: FaceServiceService.detect,
    request: DetectRequest,
    response: DetectResponse,
    use: ({ faces }) => faces.detect,
    example: {
      image: { url: 'https://example.com/photo.jpg' },
      detection: { maxFaces: 5 },
      features: { landmarks: true, quality: true },
    },
    photos: { image: 1 },
    attach: (request, photos) => {
      request.image = photoParts(photos, 'image')[0] ?? request.image;
    },
  }),
  endpoint('POST', '/v1/compare', {
    rpc: FaceServiceService.compare,
    request: CompareRequest,
    response: CompareResponse,
    use: ({ faces }) => faces.compare,
    example: {
      imageA: { url: 'https://example.com/passport.jpg' },
      imageB: { url: 'https://example.com/selfie.jpg' },
      qualityControl: 2,
    },
    photos: { image_a: 1, image_b: 1 },
    attach: (request, photos) => {
      request.imageA = photoParts(photos, 'image_a')[0] ?? request.imageA;
      request.imageB = photoParts(photos, 'image_b')[0] ?? request.imageB;
    },
  }),
  endpoint('POST', '/v1/liveness', {
    rpc: FaceServiceService.checkLiveness,
    request: CheckLivenessRequest,
    response: CheckLivenessResponse,
    use: ({ faces }) => faces.checkLiveness,
    example: { image: { url: 'https://example.com/selfie.jpg' } },
    photos: { image: 1 },
    attach: (request, photos) => {
      request.image = photoParts(photos, 'image')[0] ?? request.image;
    },
  }),
];
