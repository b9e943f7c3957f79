/** WatchJob as HTTP offers it. */
export const JOB_EVENTS = {
  method: 'GET',
  path: '/v1/jobs/{id}/events',
  service: 'mien.v1.JobService',
  rpc: 'WatchJob',
} as const;
