/** A score of 0..100 on a scale whose threshold is `to` where ours is `from`; straight on both sides of it. */
export function rescaled(score: number, from: number, to: number): number {
  return score <= from ? (score / from) * to : to + ((score - from) / (100 - from)) * (100 - to);
}
