import { AUDIT_ENDPOINTS } from '../audit/http';
import { DEAD_LETTER_ENDPOINTS } from '../dead-letters/http';
import { KEY_ENDPOINTS } from '../keys/http';
import { NOTIFICATION_ENDPOINTS } from '../notifications/http';
import type { Endpoint } from './endpoints/endpoint';
import { FACE_ENDPOINTS } from './endpoints/face';
import { JOB_ENDPOINTS } from './endpoints/jobs';
import { LIBRARY_ENDPOINTS } from './endpoints/library';
import { LIBRARY_JOB_ENDPOINTS } from './endpoints/library-jobs';

/** Everything that HTTP offers. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...FACE_ENDPOINTS,
  ...LIBRARY_ENDPOINTS,
  ...LIBRARY_JOB_ENDPOINTS,
  ...JOB_ENDPOINTS,
  ...NOTIFICATION_ENDPOINTS,
  ...DEAD_LETTER_ENDPOINTS,
  ...KEY_ENDPOINTS,
  ...AUDIT_ENDPOINTS,
];
