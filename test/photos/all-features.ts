/** All that a photo can be asked for: every stage but the library's. */
export const ALL_FEATURES = {
  landmarks: true,
  mesh: true,
  quality: true,
  attributes: true,
  liveness: true,
  template: true,
};
