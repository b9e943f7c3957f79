/** How many pods a load takes, and how long photos wait. */
export { probabilityOfWaiting } from './erlang';
export { jobsPerSecondOf, lagThreshold } from './lag-threshold';
export { percentileOf, sumOf } from './percentile';
export { costOf, fitCost, type MeasuredCost, type PhotoMix, type StageCost } from './stage-cost';
export { sojournOf, stretchOfSharedCores, waitingOf } from './waiting';
