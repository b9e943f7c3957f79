/** A judged sample: probability of each class and the true one. */
export interface Judged {
  readonly probabilities: readonly number[];
  readonly truth: number;
}

/** Place of the most likely class. */
export function decided({ probabilities }: Judged): number {
  return probabilities.indexOf(Math.max(...probabilities));
}

export function accuracy(judged: readonly Judged[]): number {
  return judged.filter((sample) => decided(sample) === sample.truth).length / judged.length;
}

/** Mean negative log of the true class's probability. */
export function logLoss(judged: readonly Judged[]): number {
  const sum = judged.reduce(
    (all, { probabilities, truth }) => all - Math.log((probabilities[truth] ?? 0) + 1e-9),
    0,
  );
  return sum / judged.length;
}

/** How often samples of the class score above others. */
export function areaUnderCurve(judged: readonly Judged[], index: number): number {
  const ranked = judged
    .map(({ probabilities, truth }) => ({ score: probabilities[index] ?? 0, hit: truth === index }))
    .sort((a, b) => a.score - b.score);
  const hits = ranked.filter(({ hit }) => hit).length;
  let rankSum = 0;
  for (let start = 0; start < ranked.length; ) {
    let end = start;
    while (end < ranked.length && ranked[end]?.score === ranked[start]?.score) end++;
    // Equal scores share their mean rank.
    const rank = (start + 1 + end) / 2;
    rankSum += rank * ranked.slice(start, end).filter(({ hit }) => hit).length;
    start = end;
  }
  return (rankSum - (hits * (hits + 1)) / 2) / (hits * (ranked.length - hits));
}

export function precisionRecall(
  judged: readonly Judged[],
  index: number,
): { precision: number; recall: number } {
  const called = judged.filter((sample) => decided(sample) === index);
  const right = called.filter(({ truth }) => truth === index).length;
  return {
    precision: right / called.length,
    recall: right / judged.filter(({ truth }) => truth === index).length,
  };
}

/** Answers by how sure they were: how many, how sure on average, how many right. */
export function reliability(judged: readonly Judged[], edges: readonly number[]) {
  return edges.slice(0, -1).map((from, place) => {
    const to = edges[place + 1] ?? 1;
    const inside = judged.filter((sample) => {
      const sure = Math.max(...sample.probabilities);
      return sure >= from && (sure < to || to >= 1);
    });
    const mean =
      inside.reduce((sum, { probabilities }) => sum + Math.max(...probabilities), 0) / inside.length;
    return { from, to, count: inside.length, mean, right: accuracy(inside) };
  });
}
