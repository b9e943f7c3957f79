export { type Callback, callbackIn, queueCallback } from './callbacks';
export { CLOUD_EVENT_MEDIA_TYPE, type CloudEvent, decodeEvent, type EventType } from './cloud-event';
export {
  buryCallback,
  type DeadCallback,
  listDeadCallbacks,
  redriveDeadCallback,
  showDeadCallback,
} from './dead-callbacks';
export {
  CALLBACK_ACK_WAIT_MS,
  dropEndpoint,
  endpointConsumer,
  endpointsWithQueues,
  provideEndpoint,
} from './endpoint-consumer';
export { EndpointStore } from './endpoint-store';
export { jobFinished, livenessFailed, personEnrolled, personMatched, strangerSeen } from './events';
export { publishEvent } from './publish-event';
export { QuietPeriods, type Sighting } from './quiet-periods';
export { decodeRule, RuleStore, type StoredRule } from './rule-store';
export { newSecret, type SigningSecret, signedHeaders } from './signing';
export { decodeEndpoint, type StoredEndpoint } from './stored-endpoint';
export { provisionNotifications } from './streams';
