import { Webhook } from 'standardwebhooks';
import { newSecret, signedHeaders } from './signing';

const BODY = Buffer.from('{"type":"stranger.seen","source":"Tür"}');

describe('the headers of a callback', () => {
  const now = new Date();

  it('are what the official library verifies, each secret for itself', () => {
    const secrets = [newSecret(), newSecret()];
    const headers = signedHeaders(
      { id: 'one', body: BODY },
      secrets.map((secret) => ({ secret })),
      now,
    );
    for (const secret of secrets) {
      expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY.toString()));
    }
    expect(() => new Webhook(newSecret()).verify(BODY, headers)).toThrow(/signature/i);
    expect(() => new Webhook(secrets[0] ?? '').verify(`${BODY} `, headers)).toThrow(/signature/i);
  });

  it('are no longer signed with a secret whose day is over', () => {
    const [kept, old] = [newSecret(), newSecret()];
    const until = new Date(now.getTime() - 1).toISOString();
    const headers = signedHeaders({ id: 'one', body: BODY }, [{ secret: kept }, { secret: old, until }], now);
    expect(() => new Webhook(old).verify(BODY, headers)).toThrow(/signature/i);
    new Webhook(kept).verify(BODY, headers);
  });
});
