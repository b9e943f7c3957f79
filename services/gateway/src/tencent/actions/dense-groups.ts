/**
 * Vertices of the 468-point mesh (MediaPipe FaceMesh numbering) that make each group of the dense landmarks. "Left" is
 * the left side of the picture. Outlines begin on the left and go on anticlockwise, as the eye sees the picture.
 */
export const DENSE_GROUPS = {
  LeftEye: [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246],
  RightEye: [362, 382, 381, 380, 374, 373, 390, 249, 263, 466, 388, 387, 386, 385, 384, 398],
  LeftEyeBrow: [46, 53, 52, 65, 55, 107, 66, 105, 63, 70],
  RightEyeBrow: [285, 295, 282, 283, 276, 300, 293, 334, 296, 336],
  MouthOutside: [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185],
  MouthInside: [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191],
  Nose: [
    193, 122, 196, 236, 198, 209, 49, 129, 64, 98, 97, 2, 326, 327, 294, 358, 279, 429, 420, 456, 419, 351,
    417, 168, 6, 197, 195, 5, 4, 1, 19, 94,
  ],
  CentralAxis: [
    10, 151, 9, 8, 168, 6, 197, 195, 5, 4, 1, 19, 94, 2, 164, 0, 11, 12, 13, 14, 15, 16, 17, 18, 200, 199,
    175, 152,
  ],
  Chin: [172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397],
  LeftEyeBags: [226, 31, 228, 229, 230, 231, 232, 233, 244, 128, 121, 120, 119, 118, 117, 111],
  RightEyeBags: [464, 453, 452, 451, 450, 449, 448, 261, 446, 340, 346, 347, 348, 349, 350, 357],
  Forehead: [54, 103, 67, 109, 10, 338, 297, 332, 284, 333, 299, 337, 151, 108, 69, 104],
} as const satisfies Record<string, readonly number[]>;

export type DenseGroup = keyof typeof DENSE_GROUPS;
