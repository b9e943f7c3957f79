export { fromServiceError, toServiceError } from './grpc-status';
export { asMienError, fromProblem, MienError, toProblem } from './mien-error';
export { isReason, mayPass, type Reason, STATUS_OF_REASON } from './reasons';
