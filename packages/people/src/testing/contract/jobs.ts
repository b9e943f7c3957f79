import type { DuplicateCheck } from '../../duplicate-checks';
import type { Claim } from '../../jobs';
import type { PeopleStore } from '../../people-store';
import { aGroup, newId } from '../people';

const LONG = 3600;
/** The shortest there is: over as soon as it was given. */
const OVER = 0.001;

/** What jobs of every kind do, shown by duplicate checks. */
export function describeJobs(current: () => PeopleStore): void {
  describe('jobs', () => {
    const checks = () => current().duplicateChecks;
    const aCheck = async () => {
      const group = await current().createGroup(aGroup());
      return checks().create({ groupIds: [group.id], minimumScore: 50 });
    };
    const claimed = async (id: string, seconds = LONG): Promise<Claim<DuplicateCheck>> => {
      const claim = await checks().claim(seconds);
      expect(claim?.job.id).toBe(id);
      return claim ?? Promise.reject(new Error('nothing to claim'));
    };

    it('wait, are taken on in their order, and end', async () => {
      const [first, second] = [await aCheck(), await aCheck()];
      expect(first).toMatchObject({ state: 'queued', facesDone: 0, facesTotal: 0 });
      expect(first).not.toHaveProperty('startedAt');
      const a = await claimed(first.id);
      const b = await claimed(second.id);
      expect(await checks().claim(LONG)).toBeUndefined();
      expect(a).toMatchObject({ cursor: 0, attempt: 1, job: { state: 'running' } });
      expect(a.job.startedAt).toBeInstanceOf(Date);
      expect(await checks().finish(a.lease)).toMatchObject({ state: 'done', endedAt: expect.any(Date) });
      const failure = { reason: 'OVERLOADED', message: 'too much' } as const;
      expect(await checks().fail(b.lease, failure)).toMatchObject({ state: 'failed', failure });
      expect(await checks().get(second.id)).toMatchObject({ state: 'failed', failure });
      expect(await checks().get(first.id)).not.toHaveProperty('failure');
    });

    it('go on where the one before was when its lease has ended, and are lost to that one', async () => {
      const { id } = await aCheck();
      const before = await claimed(id);
      await checks().save(before.lease, { cursor: 7, facesDone: 3, pairs: [] }, LONG);
      expect(await checks().claim(LONG)).toBeUndefined();
      await checks().renew(before.lease, OVER);
      const after = await claimed(id);
      expect(after).toMatchObject({ cursor: 7, attempt: 2, job: { facesDone: 3 } });
      for (const attempt of [
        checks().save(before.lease, { cursor: 9, facesDone: 5, pairs: [] }, LONG),
        checks().renew(before.lease, LONG),
        checks().release(before.lease),
        checks().fail(before.lease, { reason: 'INTERNAL', message: '' }),
        checks().finish(before.lease),
        checks().finish({ jobId: 'x', token: 'y' }),
      ]) {
        await expect(attempt).rejects.toMatchObject({ reason: 'JOB_LOST' });
      }
      await checks().release(after.lease);
      const last = await claimed(id);
      expect(last).toMatchObject({ cursor: 7, attempt: 3 });
      expect(last.job.startedAt).toEqual(before.job.startedAt);
      await checks().finish(last.lease);
    });

    it('are taken on by one of many', async () => {
      const ids = [await aCheck(), await aCheck(), await aCheck()].map((job) => job.id);
      const claims = await Promise.all(Array.from({ length: 9 }, () => checks().claim(LONG)));
      const taken = claims.filter((claim) => claim !== undefined);
      expect(taken.map(({ job }) => job.id).sort()).toEqual(ids.sort());
      await Promise.all(taken.map(({ lease }) => checks().finish(lease)));
    });

    it('can be cancelled until they end, by whoever works on them too', async () => {
      const waiting = await aCheck();
      expect(await checks().cancel(waiting.id)).toMatchObject({ state: 'cancelled' });
      expect(await checks().claim(LONG)).toBeUndefined();
      const running = await aCheck();
      const { lease } = await claimed(running.id);
      await checks().cancel(running.id);
      await expect(checks().renew(lease, LONG)).rejects.toMatchObject({ reason: 'JOB_LOST' });
      await expect(checks().cancel(running.id)).rejects.toMatchObject({ reason: 'JOB_ENDED' });
      for (const id of ['no id', '00000000-0000-4000-8000-000000000000', '-'.repeat(36)]) {
        await expect(checks().cancel(id)).rejects.toMatchObject({ reason: 'JOB_NOT_FOUND' });
      }
    });

    it('are not made twice over the same groups until they end', async () => {
      const [a, b] = [await current().createGroup(aGroup()), await current().createGroup(aGroup())];
      const other = await current().createGroup(aGroup({ modelVersion: 'other' }));
      const make = (...groupIds: string[]) => checks().create({ groupIds, minimumScore: 50 });
      const job = await make(b.id, a.id, b.id);
      expect(job.groupIds).toEqual([a.id, b.id].sort());
      await expect(make(a.id, b.id)).rejects.toMatchObject({
        reason: 'JOB_ALREADY_RUNNING',
        metadata: { jobId: job.id },
      });
      const alone = await Promise.allSettled([make(a.id), make(a.id), make(a.id)]);
      expect(alone.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
      for (const outcome of alone) {
        await checks()
          .cancel(outcome.status === 'fulfilled' ? outcome.value.id : job.id)
          .catch(() => undefined);
      }
      expect((await make(a.id, b.id)).state).toBe('queued');
      await expect(make(newId('group'))).rejects.toMatchObject({ reason: 'GROUP_NOT_FOUND' });
      await expect(make(a.id, other.id)).rejects.toMatchObject({ reason: 'MODEL_VERSIONS_DIFFER' });
      await expect(make()).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
      for (let claim = await checks().claim(LONG); claim !== undefined; claim = await checks().claim(LONG)) {
        await checks().finish(claim.lease);
      }
    });

    it('are listed newest first, and forgotten when they are old', async () => {
      const made: string[] = [];
      for (let count = 0; count < 5; count += 1) {
        made.unshift((await aCheck()).id);
      }
      const first = await checks().list({ size: 2 });
      expect(first.entries.map(({ id }) => id)).toEqual(made.slice(0, 2));
      const second = await checks().list({ size: 3, cursor: first.nextCursor ?? '' });
      expect(second.entries.map(({ id }) => id)).toEqual(made.slice(2));
      expect(second.total).toBe((await checks().list({ size: 1000 })).entries.length);
      await expect(current().listGroups({ cursor: first.nextCursor ?? '' })).rejects.toMatchObject({
        reason: 'CURSOR_INVALID',
      });
      const [oldest = '', ...others] = made.reverse();
      const { endedAt } = await checks().cancel(oldest);
      await checks().deleteEnded(new Date((endedAt?.getTime() ?? 0) + 1));
      await expect(checks().get(oldest)).rejects.toMatchObject({ reason: 'JOB_NOT_FOUND' });
      expect((await checks().list({})).entries.map(({ id }) => id)).toEqual([...others].reverse());
      await Promise.all(others.map((id) => checks().cancel(id)));
    });
  });
}
