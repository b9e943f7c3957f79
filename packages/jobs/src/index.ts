export { type FinishedJob, finishedJob } from './finished';
export { type JobQuery, JobStore, type JobStoreOptions, type Submission } from './job-store';
export { JOBS_STREAM, type JobStreams, provisionJobs, RECORD_SUBJECTS, TASKS_STREAM } from './streams';
export { JobPlanner, type PlannerOptions } from './tasks/planner';
export { JobRunner, type RunnerOptions, type TaskExecutor, type TaskWork } from './tasks/runner';
