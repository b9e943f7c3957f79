import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SigningKeys } from './signing/signing-keys';

/** What a link leads to. */
export type ResultKind = 'similar-persons' | 'failed-faces';

/** A link that was followed, and whose it is. */
export interface FollowedLink {
  readonly kind: ResultKind;
  readonly jobId: string;
  readonly secretId: string;
}

/** Who links are for: the address that the client reached us at, and its key. */
interface Recipient {
  readonly origin: string;
  /** Empty where no keys are asked for. */
  readonly secretId: string;
}

/** Where results of jobs are fetched from. */
export const RESULT_PATH = '/tencent/results/:kind/:jobId';

/** Addresses that give the result of a job to whoever has them, for a while. */
export class ResultLinks {
  constructor(
    private readonly seals: LinkSeals,
    private readonly recipient: Recipient,
  ) {}

  /** @param lifeSeconds how long it leads there */
  link(kind: ResultKind, jobId: string, lifeSeconds: number): string {
    const { origin, secretId } = this.recipient;
    const expires = Math.floor(Date.now() / 1_000) + lifeSeconds;
    const seal = this.seals.seal({ kind, jobId, secretId }, expires);
    const query = new URLSearchParams({ key: secretId, expires: String(expires), seal });
    return `${origin}/tencent/results/${kind}/${encodeURIComponent(jobId)}?${query}`;
  }
}

/** Makes and checks the seals of links: with the key that they are for, so that every gateway knows them. */
export class LinkSeals {
  /** Where no keys are asked for. */
  private readonly own = randomBytes(32);

  constructor(private readonly keys: SigningKeys | undefined) {}

  seal({ kind, jobId, secretId }: FollowedLink, expires: number): string {
    const secret =
      this.keys === undefined ? this.own : (this.keys.find(secretId)?.secretKey ?? randomBytes(32));
    return createHmac('sha256', secret)
      .update(['mien result link', kind, jobId, secretId, expires].join('\n'))
      .digest('base64url');
  }

  holds(link: FollowedLink, expires: number, seal: string): boolean {
    const wanted = Buffer.from(this.seal(link, expires));
    const given = Buffer.from(seal);
    const comparable = given.length === wanted.length ? given : Buffer.alloc(wanted.length);
    return timingSafeEqual(comparable, wanted) && Date.now() / 1_000 <= expires;
  }
}
