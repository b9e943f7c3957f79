export { asMienError, fromProblem, MienError, toProblem } from './mien-error';
export { isReason, type Reason, STATUS_OF_REASON } from './reasons';
