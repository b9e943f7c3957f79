import type { Label } from './attributes';

export type ServiceName =
  | 'gateway'
  | 'detector'
  | 'landmark'
  | 'attributes'
  | 'liveness'
  | 'embedder'
  | 'library'
  | 'notifier';

export interface MetricDefinition {
  /** As Prometheus has it. */
  readonly name: string;
  readonly kind: 'counter' | 'up-down' | 'gauge' | 'cumulative' | 'histogram';
  /** https://ucum.org; none for numbers of things. */
  readonly unit: string;
  readonly description: string;
  readonly labels: readonly Label[];
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
  /** Who emits it. */
  readonly services: readonly ServiceName[];
}

const LINE: readonly ServiceName[] = [
  'detector',
  'landmark',
  'attributes',
  'liveness',
  'embedder',
  'library',
];
const ALL: readonly ServiceName[] = ['gateway', ...LINE, 'notifier'];
const GRPC: readonly ServiceName[] = ['gateway', 'library'];
const CLIENTS: readonly ServiceName[] = ['gateway', 'library'];

/** From a cache hit to a job that waited out its deadline. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** A callback may be tried for days. */
const DELIVERY_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3_600, 86_400];
const GC_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
const FACES = [1, 2, 4, 8, 16, 32, 64, 128];
/** Scores go from 0 to 100. */
const SCORES = [10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 100];

const define = <const M extends MetricDefinition>(metric: M): M => metric;

/** Every metric there is. Instruments are made of these and of nothing else. */
export const METRICS = {
  rpcDuration: define({
    name: 'mien_rpc_server_duration_seconds',
    kind: 'histogram',
    unit: 's',
    description: 'Time to answer a gRPC call',
    labels: ['method', 'code', 'reason'],
    buckets: CALL_SECONDS,
    services: GRPC,
  }),
  rpcOpenStreams: define({
    name: 'mien_rpc_server_open_streams',
    kind: 'up-down',
    unit: '',
    description: 'gRPC calls under way that are answered with many messages',
    labels: ['method'],
    services: GRPC,
  }),
  rpcStreamMessages: define({
    name: 'mien_rpc_server_stream_messages_total',
    kind: 'counter',
    unit: '',
    description: 'Messages sent in answers of many messages',
    labels: ['method'],
    services: GRPC,
  }),
  httpDuration: define({
    name: 'mien_http_server_duration_seconds',
    kind: 'histogram',
    unit: 's',
    description: 'Time to answer an HTTP request',
    labels: ['route', 'status'],
    buckets: CALL_SECONDS,
    services: ['gateway'],
  }),
  jobs: define({
    name: 'mien_stage_jobs_total',
    kind: 'counter',
    unit: '',
    description: 'Jobs that a stage has dealt with, by outcome',
    labels: ['stage', 'lane', 'outcome'],
    services: LINE,
  }),
  processDuration: define({
    name: 'mien_stage_process_duration_seconds',
    kind: 'histogram',
    unit: 's',
    description: 'Time a stage worked on a job',
    labels: ['stage', 'lane'],
    buckets: SECONDS,
    services: LINE,
  }),
  queueWait: define({
    name: 'mien_stage_queue_wait_seconds',
    kind: 'histogram',
    unit: 's',
    description: 'Time a job waited between being queued and being worked on',
    labels: ['stage', 'lane'],
    buckets: SECONDS,
    services: LINE,
  }),
  inferenceDuration: define({
    name: 'mien_stage_inference_duration_seconds',
    kind: 'histogram',
    unit: 's',
    description: 'Time a stage spent in its models, per batch',
    labels: ['stage'],
    buckets: SECONDS,
    services: ['detector', 'landmark', 'attributes', 'liveness', 'embedder'],
  }),
  batchSize: define({
    name: 'mien_stage_inference_batch_faces',
    kind: 'histogram',
    unit: '{face}',
    description: 'Faces (or photos) in a batch that a stage gave to its models',
    labels: ['stage'],
    buckets: FACES,
    services: ['detector', 'landmark', 'attributes', 'liveness', 'embedder'],
  }),
  inFlight: define({
    name: 'mien_stage_jobs_in_flight',
    kind: 'up-down',
    unit: '',
    description: 'Jobs a stage holds: working on, waiting for a slot or being handed on',
    labels: ['stage', 'lane'],
    services: LINE,
  }),
  redeliveries: define({
    name: 'mien_stage_redeliveries_total',
    kind: 'counter',
    unit: '',
    description: 'Deliveries of a job after its first',
    labels: ['stage', 'lane'],
    services: LINE,
  }),
  deadLetters: define({
    name: 'mien_dead_letters_total',
    kind: 'counter',
    unit: '',
    description: 'Jobs put into the dead-letter stream',
    labels: ['stage', 'cause'],
    services: LINE,
  }),
  clientDuration: define({
    name: 'mien_line_job_duration_seconds',
    kind: 'histogram',
    unit: 's',
    description: 'Time from submitting a job to its answer, by outcome',
    labels: ['outcome'],
    buckets: SECONDS,
    services: CLIENTS,
  }),
  laneWaiting: define({
    name: 'mien_lane_waiting_jobs',
    kind: 'gauge',
    unit: '',
    description: 'Jobs of a lane that no worker has taken yet; every gateway tells the same',
    labels: ['stage', 'lane'],
    services: ['gateway'],
  }),
  laneTaken: define({
    name: 'mien_lane_taken_jobs',
    kind: 'gauge',
    unit: '',
    description:
      'Jobs of a lane that a worker has taken, or that wait for another attempt; every gateway tells the same',
    labels: ['stage', 'lane'],
    services: ['gateway'],
  }),
  laneOldest: define({
    name: 'mien_lane_oldest_job_seconds',
    kind: 'gauge',
    unit: 's',
    description: 'How long the oldest of the waiting jobs of a lane has waited; every gateway tells the same',
    labels: ['stage', 'lane'],
    services: ['gateway'],
  }),
  jobPhotosWaiting: define({
    name: 'mien_job_waiting_photos',
    kind: 'gauge',
    unit: '',
    description: 'Photos of jobs that were taken in and are not answered; every gateway tells the same',
    labels: [],
    services: ['gateway'],
  }),
  jobPhotosOldest: define({
    name: 'mien_job_oldest_photo_seconds',
    kind: 'gauge',
    unit: 's',
    description: 'How long the oldest of the photos of jobs has waited; every gateway tells the same',
    labels: [],
    services: ['gateway'],
  }),
  jobsEnded: define({
    name: 'mien_jobs_ended_total',
    kind: 'counter',
    unit: '',
    description: 'Jobs that have ended',
    labels: ['state'],
    services: ['notifier'],
  }),
  callbackAttempts: define({
    name: 'mien_callback_attempts_total',
    kind: 'counter',
    unit: '',
    description: 'Attempts to deliver a callback, by outcome: `delivered`, `failed`',
    labels: ['outcome'],
    services: ['notifier'],
  }),
  callbacks: define({
    name: 'mien_callbacks_total',
    kind: 'counter',
    unit: '',
    description: 'Callbacks that ended, by outcome: `delivered`, `dead`',
    labels: ['outcome'],
    services: ['notifier'],
  }),
  callbackDelay: define({
    name: 'mien_callback_delay_seconds',
    kind: 'histogram',
    unit: 's',
    description: 'Time from the creation of a callback to its delivery',
    labels: [],
    buckets: DELIVERY_SECONDS,
    services: ['notifier'],
  }),
  callbackCircuits: define({
    name: 'mien_callback_open_circuits',
    kind: 'up-down',
    unit: '',
    description: 'Endpoints that are left alone for a while because they fail',
    labels: [],
    services: ['notifier'],
  }),
  photos: define({
    name: 'mien_photos_total',
    kind: 'counter',
    unit: '',
    description: 'Photos that the line has answered or refused, by the reason, `OK` for those it answered',
    labels: ['reason'],
    services: ['gateway'],
  }),
  facesPerPhoto: define({
    name: 'mien_photo_faces',
    kind: 'histogram',
    unit: '{face}',
    description: 'Faces that an answer has of a photo',
    labels: [],
    buckets: [0, ...FACES],
    services: ['gateway'],
  }),
  qualityScore: define({
    name: 'mien_face_quality_score',
    kind: 'histogram',
    unit: '',
    description: 'Overall quality of faces, 0 to 100, where it was asked for',
    labels: [],
    buckets: SCORES,
    services: ['gateway'],
  }),
  sharpnessScore: define({
    name: 'mien_face_sharpness_score',
    kind: 'histogram',
    unit: '',
    description: 'Sharpness of faces, 0 to 100, where quality was asked for',
    labels: [],
    buckets: SCORES,
    services: ['gateway'],
  }),
  brightnessScore: define({
    name: 'mien_face_brightness_score',
    kind: 'histogram',
    unit: '',
    description: 'Brightness of faces, 0 to 100, where quality was asked for',
    labels: [],
    buckets: SCORES,
    services: ['gateway'],
  }),
  livenessScore: define({
    name: 'mien_liveness_score',
    kind: 'histogram',
    unit: '',
    description: 'Liveness of faces that could be judged, 0 to 100',
    labels: [],
    buckets: SCORES,
    services: ['gateway'],
  }),
  livenessChecks: define({
    name: 'mien_liveness_checks_total',
    kind: 'counter',
    unit: '',
    description:
      'Faces whose liveness was asked for, by outcome: `live`, `not-live`, or the reason they could not be judged',
    labels: ['outcome'],
    services: ['gateway'],
  }),
  similarityScore: define({
    name: 'mien_similarity_score',
    kind: 'histogram',
    unit: '',
    description: 'Likeness, 0 to 100, of the faces compared; of a search the best candidate of each face',
    labels: ['operation'],
    buckets: SCORES,
    services: ['gateway'],
  }),
  searches: define({
    name: 'mien_searched_faces_total',
    kind: 'counter',
    unit: '',
    description: 'Faces searched for, by outcome: `found`, `nobody`, or the reason they were refused for',
    labels: ['outcome'],
    services: ['gateway'],
  }),
  searchDuration: define({
    name: 'mien_library_search_duration_seconds',
    kind: 'histogram',
    unit: 's',
    description:
      'Time to find the nearest faces: vector index and re-scoring by the database, all probes of a search together',
    labels: ['faces'],
    buckets: SECONDS,
    services: ['library'],
  }),
  libraryFaces: define({
    name: 'mien_library_faces',
    kind: 'gauge',
    unit: '',
    description: 'Faces in the database; every library tells the same',
    labels: [],
    services: ['library'],
  }),
  libraryPersons: define({
    name: 'mien_library_persons',
    kind: 'gauge',
    unit: '',
    description: 'Persons in the database; every library tells the same',
    labels: [],
    services: ['library'],
  }),
  indexFaces: define({
    name: 'mien_library_index_faces',
    kind: 'gauge',
    unit: '',
    description: 'Faces in the vector index of the newest model version',
    labels: [],
    services: ['library'],
  }),
  storeUp: define({
    name: 'mien_library_store_up',
    kind: 'gauge',
    unit: '',
    description: '1 when the store answered when it was last asked, 0 when not',
    labels: ['store'],
    services: ['library'],
  }),
  outboxEntries: define({
    name: 'mien_library_outbox_entries',
    kind: 'gauge',
    unit: '',
    description: 'Changes that are due and wait to be applied elsewhere, counted up to 1000',
    labels: ['topic'],
    services: ['library'],
  }),
  recallProbe: define({
    name: 'mien_library_recall_probe_ratio',
    kind: 'gauge',
    unit: '1',
    description:
      'Of some stored faces, the part that the vector index finds when it is asked with their own templates',
    labels: [],
    services: ['library'],
  }),
  cpuSeconds: define({
    name: 'mien_process_cpu_seconds_total',
    kind: 'cumulative',
    unit: 's',
    description: 'Processor time of the process',
    labels: ['mode'],
    services: ALL,
  }),
  residentBytes: define({
    name: 'mien_process_resident_memory_bytes',
    kind: 'gauge',
    unit: 'By',
    description: 'Memory that the process holds: heap, buffers, and models',
    labels: [],
    services: ALL,
  }),
  heapUsed: define({
    name: 'mien_nodejs_heap_used_bytes',
    kind: 'gauge',
    unit: 'By',
    description: 'JavaScript heap in use',
    labels: [],
    services: ALL,
  }),
  heapLimit: define({
    name: 'mien_nodejs_heap_limit_bytes',
    kind: 'gauge',
    unit: 'By',
    description: 'JavaScript heap at which the process is ended',
    labels: [],
    services: ALL,
  }),
  externalBytes: define({
    name: 'mien_nodejs_external_memory_bytes',
    kind: 'gauge',
    unit: 'By',
    description: 'Memory of buffers outside the JavaScript heap',
    labels: [],
    services: ALL,
  }),
  eventLoopLag: define({
    name: 'mien_nodejs_event_loop_lag_seconds',
    kind: 'gauge',
    unit: 's',
    description: 'How much later than planned the event loop came round, since the last scrape',
    labels: ['quantile'],
    services: ALL,
  }),
  eventLoopUtilization: define({
    name: 'mien_nodejs_event_loop_utilization_ratio',
    kind: 'gauge',
    unit: '1',
    description: 'Part of the time that the event loop was busy, since the last scrape',
    labels: [],
    services: ALL,
  }),
  activeResources: define({
    name: 'mien_nodejs_active_resources',
    kind: 'gauge',
    unit: '',
    description: 'Sockets, timers, files and requests that keep the event loop alive',
    labels: [],
    services: ALL,
  }),
  gcDuration: define({
    name: 'mien_nodejs_gc_duration_seconds',
    kind: 'histogram',
    unit: 's',
    description: 'Pauses for garbage collection',
    labels: ['kind'],
    buckets: GC_SECONDS,
    services: ALL,
  }),
  started: define({
    name: 'mien_process_start_time_seconds',
    kind: 'gauge',
    unit: 's',
    description: 'When the process started, since 1970',
    labels: [],
    services: ALL,
  }),
} as const;

export type MetricKey = keyof typeof METRICS;
