import {
  DeadLetterServiceService,
  GetDeadLetterRequest,
  GetDeadLetterResponse,
  ListDeadLettersRequest,
  ListDeadLettersResponse,
  RedriveDeadLetterRequest,
  RedriveDeadLetterResponse,
} from '@mien/proto';
import { type Endpoint, endpoint } from '../http/endpoints/endpoint';

export const DEAD_LETTER_ENDPOINTS: readonly Endpoint[] = [
  endpoint('GET', '/v1/dead-letters', {
    rpc: DeadLetterServiceService.listDeadLetters,
    request: ListDeadLettersRequest,
    response: ListDeadLettersResponse,
    use: ({ deadLetters }) => deadLetters.listDeadLetters,
  }),
  endpoint('GET', '/v1/dead-letters/{id}', {
    rpc: DeadLetterServiceService.getDeadLetter,
    request: GetDeadLetterRequest,
    response: GetDeadLetterResponse,
    use: ({ deadLetters }) => deadLetters.getDeadLetter,
  }),
  endpoint('POST', '/v1/dead-letters/{id}/redrive', {
    rpc: DeadLetterServiceService.redriveDeadLetter,
    request: RedriveDeadLetterRequest,
    response: RedriveDeadLetterResponse,
    use: ({ deadLetters }) => deadLetters.redriveDeadLetter,
  }),
];
