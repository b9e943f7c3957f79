/**
 * Vertices of the 468-point mesh (MediaPipe FaceMesh numbering) that stand for each of the 90 points, in the
 * order that mien.v1.FaceLandmarks documents. "Left" is the left side of the picture.
 */
export const LANDMARK_GROUPS = {
  faceProfile: [
    234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454,
  ],
  leftEye: [33, 163, 145, 154, 133, 157, 159, 161],
  rightEye: [263, 390, 374, 381, 362, 384, 386, 388],
  leftEyebrow: [70, 53, 52, 55, 107, 66, 105, 63],
  rightEyebrow: [300, 283, 282, 285, 336, 296, 334, 293],
  mouth: [61, 91, 181, 17, 405, 321, 291, 270, 267, 0, 37, 40, 88, 87, 14, 317, 318, 310, 312, 13, 82, 80],
  nose: [4, 168, 193, 196, 198, 129, 97, 2, 326, 358, 420, 419, 417],
} as const;

/** Mesh vertices of the eye outline in the order of the iris model's first 16 points. */
export const EYE_OUTLINE = {
  left: [33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173],
  right: [263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398],
} as const;

/** Mesh vertices of the eyes' corners. */
export const EYE_CORNERS = {
  left: { outer: 33, inner: 133 },
  right: { outer: 263, inner: 362 },
} as const;

/** Mesh vertices of the nose tip and the mouth's corners, as face alignment wants them. */
export const ALIGNMENT = { noseTip: 4, mouthLeft: 61, mouthRight: 291 } as const;
