/** The stream that a bucket of keys and values is. https://docs.nats.io/nats-concepts/jetstream/key-value-store */
export function streamOfBucket(bucket: string): string {
  return `KV_${bucket}`;
}

/** The subjects that a bucket's keys are. */
export function keySubjects(bucket: string): string {
  return `$KV.${bucket}.>`;
}
