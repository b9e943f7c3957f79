import { isReason } from '@mien/errors';
import { type Campaign, within } from '../campaign';
import { internalText } from '../internal-text';
import type { FuzzTarget } from '../platform/fuzz-target';
import { publicMethods } from '../protos/contract';
import { MessageBytes } from '../protos/message-bytes';
import { type RawAnswer, RawGrpc } from './raw-call';
import { type GrpcRequest, grpcRequests } from './requests';

const ANSWER_MS = 30_000;
const [UNKNOWN, UNIMPLEMENTED, INTERNAL, DATA_LOSS, DEADLINE_EXCEEDED] = [2, 12, 13, 15, 4];

/** Requests of every method of mien.v1. */
export function grpcCampaign(target: FuzzTarget, photos: readonly Buffer[]) {
  const grpc = new RawGrpc(target.addresses.grpcAddress);
  const campaign: Campaign<GrpcRequest> = {
    name: 'grpc',
    cases: grpcRequests(publicMethods(), new MessageBytes(photos)),
    attempt: async (request) => {
      const { path, headers, body, wellFramed } = request;
      const calling = wellFramed ? grpc.call(headers, body) : grpc.callApart(headers, body);
      const answer = await within(ANSWER_MS, path, calling);
      judge(request, answer, target);
    },
    describe: ({ headers, body }) =>
      JSON.stringify({ headers, body: body.map((piece) => piece.toString('base64')) }),
  };
  return { campaign, close: () => grpc.close() };
}

/** Throws for an answer that a gateway must not give. */
export function judge(request: GrpcRequest, answer: RawAnswer, target: FuzzTarget): void {
  const sent = Buffer.concat(request.body).toString('utf8') + JSON.stringify(request.headers);
  const internal = internalText(answer.text, sent, target.secrets);
  if (internal !== undefined) {
    throw new Error(`${request.path} tells "${internal}": ${answer.text.slice(0, 2_000)}`);
  }
  if (request.wellFramed) {
    judgeWellFramed(request, answer, target);
  }
}

/** What is well framed has an answer: a good one, or an error with a reason of ours that does not blame us. */
function judgeWellFramed(
  { path }: GrpcRequest,
  { grpcStatus, message, reason, broken }: RawAnswer,
  target: FuzzTarget,
): void {
  const what = `${path}: status ${grpcStatus}, reason ${reason}, ${message}${broken ?? ''}`;
  if (grpcStatus === undefined || broken !== undefined) {
    throw new Error(`no whole answer: ${what}\n${target.lastLog()}`);
  }
  if ([UNKNOWN, INTERNAL, DATA_LOSS].includes(grpcStatus)) {
    throw new Error(`a fault of ours: ${what}\n${target.lastLog()}`);
  }
  const typed = reason !== undefined && isReason(reason);
  if (!typed && ![0, UNIMPLEMENTED, DEADLINE_EXCEEDED].includes(grpcStatus)) {
    throw new Error(`an error without a reason: ${what}`);
  }
}
