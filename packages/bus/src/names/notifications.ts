export const EVENTS_STREAM = 'MIEN_EVENTS';
export const EVENT_SUBJECTS = 'mien.events.>';
export const CALLBACKS_STREAM = 'MIEN_CALLBACKS';
export const DEAD_CALLBACKS_STREAM = 'MIEN_DEAD_CALLBACKS';
export const ENDPOINTS_BUCKET = 'mien_endpoints';
export const RULES_BUCKET = 'mien_rules';
export const QUIET_BUCKET = 'mien_quiet';
/** Of the notifiers, on MIEN_EVENTS. */
export const RULES_CONSUMER = 'notifier-rules';

export function eventSubject(type: string): string {
  return `mien.events.${type}`;
}

export function callbackSubject(endpointId: string): string {
  return `mien.callbacks.${endpointId}`;
}

export function deadCallbackSubject(endpointId: string): string {
  return `mien.dead-callbacks.${endpointId}`;
}
