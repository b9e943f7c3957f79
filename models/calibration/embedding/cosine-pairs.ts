import type { Sample } from './aligned-faces';

/** Pairs of one kind: who they are of, and how alike their templates are. */
export interface CosinePairs {
  /** Cosines, falling. */
  readonly cosines: Float32Array;
  /** Index of the first and of the second person of each pair. */
  readonly first: Uint16Array;
  readonly second: Uint16Array;
}

export interface AllPairs {
  /** Number of photos of each person. */
  readonly photosOfPerson: readonly number[];
  /** Every pair of photos of two people. */
  readonly impostor: CosinePairs;
  /** Every pair of photos of one person. */
  readonly genuine: CosinePairs;
}

/** Every pair of photos there is. */
export function allPairs(samples: readonly Sample[]): AllPairs {
  const people = [...new Set(samples.map(({ person }) => person))].sort();
  const indexOf = new Map(people.map((person, index) => [person, index]));
  const persons = samples.map(({ person }) => indexOf.get(person) ?? 0);
  const pairs = (samples.length * (samples.length - 1)) / 2;
  const impostor = collector(pairs);
  const genuine = collector(pairs);
  samples.forEach(({ vector }, i) => {
    for (let j = 0; j < i; j++) {
      const [a, b] = [persons[i] ?? 0, persons[j] ?? 0];
      (a === b ? genuine : impostor).add(dot(vector, samples[j]?.vector ?? vector), a, b);
    }
  });
  const photosOfPerson = people.map((_, person) => persons.filter((other) => other === person).length);
  return { photosOfPerson, impostor: impostor.sorted(), genuine: genuine.sorted() };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) {
    // The indexes are inside by construction; the defaults only satisfy the type.
    sum += (a[index] ?? 0) * (b[index] ?? 0);
  }
  return sum;
}

interface PairCollector {
  add(cosine: number, first: number, second: number): void;
  sorted(): CosinePairs;
}

function collector(capacity: number): PairCollector {
  const cosines = new Float32Array(capacity);
  const first = new Uint16Array(capacity);
  const second = new Uint16Array(capacity);
  let count = 0;
  return {
    add(cosine, a, b) {
      cosines[count] = cosine;
      first[count] = a;
      second[count] = b;
      count++;
    },
    sorted() {
      const order = Uint32Array.from({ length: count }, (_, index) => index).sort(
        (a, b) => (cosines[b] ?? 0) - (cosines[a] ?? 0),
      );
      return {
        cosines: Float32Array.from(order, (at) => cosines[at] ?? 0),
        first: Uint16Array.from(order, (at) => first[at] ?? 0),
        second: Uint16Array.from(order, (at) => second[at] ?? 0),
      };
    },
  };
}
