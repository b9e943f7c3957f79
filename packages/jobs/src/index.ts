export { type FinishedJob, finishedJob } from './finished';
export { type JobQuery, JobStore, type JobStoreOptions, type Submission } from './job-store';
export { type JobStreams, provisionJobs } from './streams';
export { JobPlanner, type PlannerOptions } from './tasks/planner';
export { JobRunner, type RunnerOptions, type TaskExecutor, type TaskWork } from './tasks/runner';
