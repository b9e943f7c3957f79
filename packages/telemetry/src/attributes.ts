/**
 * Labels of metrics. Each takes few values: never an id, a name or an address, nothing of a person, nothing that was
 * reckoned from a face.
 */
export const LABELS = {
  stage: 'Stage of the line, as in the stage catalog',
  lane: '`interactive` or `batch`',
  outcome: 'How it ended; the values are in the description of the metric',
  cause: 'Why a job was given up: the reason, or `crashed`',
  method: 'gRPC method, such as `mien.v1.FaceService/Detect`',
  code: 'Status code of gRPC, a number',
  reason: 'Stable reason of docs/errors.md, `OK` when there was no error',
  route: 'Route of HTTP, with placeholders',
  status: 'Status code of HTTP',
  state: 'Final state of a job: `done`, `failed`, `cancelled`, `dead`',
  operation: 'What two faces were compared for: `compare`, `verify`, `search`',
  faces: 'Faces in the library, rounded up to a power of ten',
  store: '`database` or `index`',
  topic: 'What the entries are for: `index`, `blobs`, `events`',
  kind: 'Kind of garbage collection: `minor`, `major`, `incremental`, `weakcb`, `other`',
  mode: '`user` or `system`',
  quantile: '`0.5`, `0.99` or `1`',
} as const;

export type Label = keyof typeof LABELS;

/** Attributes of spans that OpenTelemetry's conventions have no name for. */
export const SPAN_ATTRIBUTES = {
  jobId: { name: 'mien.job.id', description: 'Id of the job on the line' },
  stage: { name: 'mien.stage', description: 'Stage of the line' },
  lane: { name: 'mien.lane', description: '`interactive` or `batch`' },
  photos: { name: 'mien.job.photos', description: 'Photos of the job' },
  faces: { name: 'mien.job.faces', description: 'Faces found in them so far' },
  deliveries: { name: 'mien.job.deliveries', description: 'How often the job was delivered to this stage' },
  batch: { name: 'mien.inference.batch', description: 'Faces or photos given to the model at once' },
} as const;

/** Spans by what their names start with. */
export const SPANS = {
  call: { name: 'PACKAGE.SERVICE/METHOD', kind: 'server', description: 'A gRPC call is answered' },
  request: {
    name: 'METHOD ROUTE',
    kind: 'server',
    description: 'An HTTP request is answered, by the gateway',
  },
  send: { name: 'send SUBJECT', kind: 'producer', description: 'A job is put on the line and waited for' },
  process: { name: 'process SUBJECT', kind: 'consumer', description: 'A stage works on a job' },
  follow: {
    name: 'process CONSUMER',
    kind: 'consumer',
    description: 'The notifier works on an event or on a job that ended',
  },
  inference: { name: 'inference STAGE', kind: 'internal', description: 'A stage has its models compute' },
} as const;
