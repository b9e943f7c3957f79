import { probabilityOfWaiting } from './erlang';

/** A stage as a queue: times in seconds, variability as squared coefficient of variation (variance / mean^2). */
export interface Queue {
  readonly arrivalsPerSecond: number;
  readonly serviceSeconds: number;
  readonly serviceVariability: number;
  /** 1 for arrivals that do not know of each other (Poisson). */
  readonly arrivalVariability: number;
  readonly servers: number;
}

/** Mean and variance of a time. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

export function utilisationOf(queue: Queue): number {
  return (queue.arrivalsPerSecond * queue.serviceSeconds) / queue.servers;
}

/**
 * Waiting before a server is free, G/G/c as Allen and Cunneen approximate it: M/M/c times the mean of both
 * variabilities (A. O. Allen, Probability, Statistics, and Queueing Theory, 2nd edition 1990, section 5.3.4; exact for
 * M/M/c and M/G/1). Who waits at all, waits an exponential time, which is exact for M/M/c and the limit in heavy
 * traffic otherwise (Kingman 1962). Infinite where more comes than is served.
 */
export function waitingOf(queue: Queue): Moments {
  const utilisation = utilisationOf(queue);
  if (utilisation >= 1) {
    return { mean: Number.POSITIVE_INFINITY, variance: Number.POSITIVE_INFINITY };
  }
  const waits = probabilityOfWaiting(queue.servers, utilisation);
  const variability = (queue.arrivalVariability + queue.serviceVariability) / 2;
  const meanOfWaiters = (variability * queue.serviceSeconds) / (queue.servers * (1 - utilisation));
  const mean = waits * meanOfWaiters;
  return { mean, variance: 2 * waits * meanOfWaiters ** 2 - mean ** 2 };
}

/** Waiting and service together. */
export function sojournOf(queue: Queue): Moments {
  const waiting = waitingOf(queue);
  return {
    mean: waiting.mean + queue.serviceSeconds,
    variance: waiting.variance + queue.serviceVariability * queue.serviceSeconds ** 2,
  };
}

/**
 * Mean time at c cores that all work shares, by the mean time of the same work on an idle machine: M/G/c with processor
 * sharing, where only the mean of the work matters (J. W. Cohen, The multiple phase service network with generalized
 * processor sharing, Acta Informatica 12, 1979). It holds for a line whose services share the cores of one machine.
 */
export function stretchOfSharedCores(cores: number, utilisation: number): number {
  return utilisation >= 1
    ? Number.POSITIVE_INFINITY
    : 1 + probabilityOfWaiting(cores, utilisation) / (cores * (1 - utilisation));
}
