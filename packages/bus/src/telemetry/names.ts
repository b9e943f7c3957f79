/** Every metric of the line: dashboards, alerts and tests read the names here. */
export const METRIC = {
  jobs: {
    name: 'mien_stage_jobs_total',
    description: 'Jobs a stage has dealt with, by outcome',
  },
  processDuration: {
    name: 'mien_stage_process_duration_seconds',
    description: 'Time a stage worked on a job',
  },
  queueWait: {
    name: 'mien_stage_queue_wait_seconds',
    description: 'Time a job waited between being queued and being worked on',
  },
  inferenceDuration: {
    name: 'mien_stage_inference_duration_seconds',
    description: 'Time a stage spent in its models, per batch',
  },
  batchSize: {
    name: 'mien_stage_inference_batch_faces',
    description: 'Faces (or photos) in a batch that a stage gave to its models',
  },
  inFlight: {
    name: 'mien_stage_jobs_in_flight',
    description: 'Jobs a stage holds: working on, waiting for a slot or being handed on',
  },
  redeliveries: {
    name: 'mien_stage_redeliveries_total',
    description: 'Deliveries of a job after its first',
  },
  deadLetters: {
    name: 'mien_dead_letters_total',
    description: 'Jobs put into the dead-letter stream, by cause',
  },
  rpcDuration: {
    name: 'mien_rpc_server_duration_seconds',
    description: 'Time to answer a gRPC call, by method and status code',
  },
  rpcOpenStreams: {
    name: 'mien_rpc_server_open_streams',
    description: 'gRPC calls under way that are answered with many messages, by method',
  },
  rpcStreamMessages: {
    name: 'mien_rpc_server_stream_messages_total',
    description: 'Messages sent in answers of many messages, by method',
  },
  clientDuration: {
    name: 'mien_line_job_duration_seconds',
    description: 'Time from submitting a job to its answer, by outcome',
  },
} as const;

/** Attributes of spans and metrics that OpenTelemetry's conventions have no name for. */
export const ATTRIBUTE = {
  stage: 'stage',
  lane: 'lane',
  outcome: 'outcome',
  cause: 'cause',
  jobId: 'mien.job.id',
  stageOnSpan: 'mien.stage',
  laneOnSpan: 'mien.lane',
  photos: 'mien.job.photos',
  faces: 'mien.job.faces',
  deliveries: 'mien.job.deliveries',
} as const;
