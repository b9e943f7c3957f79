import { randomUUID } from 'node:crypto';
import { asMienError, type MienError } from '@mien/errors';
import { codeOf, type ErrorContext } from './errors/code-of-reason';
import { CODES, type Code } from './errors/codes';
import { TencentError } from './errors/tencent-error';

type Language = 'zh-CN' | 'en-US';

/** Every answer, good or bad, comes with HTTP status 200: the official clients take others for faults on the way. */
interface Envelope {
  readonly Response: { readonly RequestId: string } & Readonly<Record<string, unknown>>;
}

/** Chinese unless English is asked for. */
export function languageOf(asked: unknown): Language {
  return asked === 'en-US' ? 'en-US' : 'zh-CN';
}

export function answerEnvelope(answer: object): Envelope {
  return { Response: { ...answer, RequestId: randomUUID() } };
}

export function errorEnvelope(refusal: Refusal, language: Language): Envelope {
  const { code, parameter } = refusal;
  const [chinese, english] = CODES[code];
  const text = language === 'en-US' ? english : chinese;
  const Message = parameter === undefined || parameter === '' ? text : `${text} (${parameter})`;
  return { Response: { Error: { Code: code, Message }, RequestId: randomUUID() } };
}

interface Refusal {
  readonly code: Code;
  readonly parameter?: string | undefined;
  /** What is to be logged: a fault of ours. */
  readonly fault?: MienError;
}

const INTERNAL = 13;

/** What anything thrown is told as. */
export function refusalOf(thrown: unknown, context: ErrorContext): Refusal {
  if (thrown instanceof TencentError) {
    return thrown;
  }
  const error = asMienError(thrown);
  const code = codeOf(error, context);
  return error.status === INTERNAL ? { code, fault: error } : { code };
}
