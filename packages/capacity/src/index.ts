/** How many pods a load takes, what they cost, and how autoscaling follows it. */
export { probabilityOfWaiting } from './erlang';
export { jobsPerSecondOf, lagThreshold } from './lag-threshold';
export { type Measurements, ownMeasurements, parseMeasurements } from './measurements/measurements';
export { percentileOf, sumOf } from './percentile';
export type { Cost } from './plan/cost';
export { type Plan, plan, type ServicePlan } from './plan/plan';
export type { OptionalStage, Prices, Workload } from './plan/workload';
export { type SharedLine, timesOnSharedCores } from './simulation/shared-cores';
export { costOf, fitCost, type MeasuredCost, type PhotoMix, type StageCost } from './stage-cost';
export { sojournOf, stretchOfSharedCores, waitingOf } from './waiting';
