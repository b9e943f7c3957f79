import { randomUUID } from 'node:crypto';
import type { DuplicatePair } from '../../duplicate-checks';
import type { PeopleStore } from '../../people-store';
import type { Person } from '../../persons';
import { aFace, aGroup, aPerson, MODEL, newId } from '../people';

const LONG = 3600;

export function describeDuplicates(current: () => PeopleStore): void {
  describe('duplicate checks', () => {
    const checks = () => current().duplicateChecks;
    const enrol = async (groupId: string, count: number): Promise<readonly Person[]> => {
      const persons: Person[] = [];
      for (let made = 0; made < count; made += 1) {
        persons.push(await current().createPerson(aPerson(groupId)));
      }
      return persons.sort((a, b) => (a.id < b.id ? -1 : 1));
    };
    const pair = (a: Person | undefined, b: Person | undefined, score: number): DuplicatePair => ({
      first: { personId: a?.id ?? '', faceId: a?.faces[0]?.id ?? '' },
      second: { personId: b?.id ?? '', faceId: b?.faces[0]?.id ?? '' },
      score,
    });

    it('keep the best of each pair, whatever is saved twice', async () => {
      const group = await current().createGroup(aGroup());
      const [a, b, c] = await enrol(group.id, 3);
      const [more] = await current().addFaces(a?.id ?? '', [aFace()]);
      const check = await checks().create({ groupIds: [group.id], minimumScore: 60 });
      expect(check).toMatchObject({ modelVersion: MODEL, minimumScore: 60, pairsFound: 0 });
      const claim = await checks().claim(LONG);
      expect(claim?.job.facesTotal).toBe(4);
      const lease = claim?.lease ?? { jobId: '', token: '' };
      const better = pair(a, b, 92.1 / 3);
      const best = { ...better, first: { personId: a?.id ?? '', faceId: more?.id ?? '' }, score: 95 };
      const batch = { cursor: 5, facesDone: 2, pairs: [better, pair(b, c, 70)] };
      await checks().save(lease, batch, LONG);
      await checks().save(lease, batch, LONG);
      expect((await checks().pairs(check.id, {})).entries).toEqual([pair(b, c, 70), better]);
      await checks().save(lease, { ...batch, pairs: [pair(a, b, 25), best, pair(b, c, 61)] }, LONG);
      expect((await checks().pairs(check.id, {})).entries).toEqual([best, pair(b, c, 70)]);
      await current().deleteFaces(a?.id ?? '', [more?.id ?? '']);
      expect((await checks().pairs(check.id, {})).entries).toEqual([pair(b, c, 70)]);
      expect(await checks().finish(lease)).toMatchObject({ state: 'done', pairsFound: 1, facesDone: 2 });
    });

    it('are made once for an id, even after they have ended', async () => {
      const [group, other] = [await current().createGroup(aGroup()), await current().createGroup(aGroup())];
      const wanted = { id: randomUUID(), groupIds: [group.id, other.id], minimumScore: 60.25 };
      const check = await checks().create(wanted);
      expect(check.id).toBe(wanted.id);
      expect(await checks().create({ ...wanted, groupIds: [other.id, group.id] })).toEqual(check);
      const cancelled = await checks().cancel(check.id);
      expect(await checks().create(wanted)).toEqual(cancelled);
      for (const different of [{ groupIds: [group.id] }, { minimumScore: 61 }]) {
        const another = checks().create({ ...wanted, ...different });
        await expect(another).rejects.toMatchObject({ reason: 'CONFLICT' });
      }
      await expect(checks().create({ ...wanted, id: 'A' })).rejects.toMatchObject({
        reason: 'ARGUMENT_INVALID',
      });
    });

    it('forget pairs of who is deleted, and take none of who is not there', async () => {
      const group = await current().createGroup(aGroup());
      const [a, b, c, d] = await enrol(group.id, 4);
      const check = await checks().create({ groupIds: [group.id], minimumScore: 60 });
      const { lease } = (await checks().claim(LONG)) ?? { lease: { jobId: '', token: '' } };
      await current().deletePerson(d?.id ?? '');
      const strange = { ...pair(a, c, 80), second: { personId: c?.id ?? '', faceId: b?.faces[0]?.id ?? '' } };
      const pairs = [pair(a, b, 99), pair(a, d, 98), strange, pair(b, c, 97)];
      await checks().save(lease, { cursor: 1, facesDone: 1, pairs }, LONG);
      expect((await checks().pairs(check.id, {})).entries).toEqual([pair(a, b, 99), pair(b, c, 97)]);
      await current().deletePerson(a?.id ?? '');
      expect((await checks().pairs(check.id, {})).entries).toEqual([pair(b, c, 97)]);
      await current().deleteGroup(group.id);
      expect(await checks().pairs(check.id, {})).toEqual({ entries: [], total: 0 });
      await checks().cancel(check.id);
    });

    it('give their pairs by falling score, in pages', async () => {
      const group = await current().createGroup(aGroup());
      const persons = await enrol(group.id, 6);
      const check = await checks().create({ groupIds: [group.id], minimumScore: 0 });
      const { lease } = (await checks().claim(LONG)) ?? { lease: { jobId: '', token: '' } };
      const pairs = persons.flatMap((a, at) =>
        persons.slice(at + 1).map((b, step) => pair(a, b, step % 2 === 0 ? 1 / 3 : step * -1.5e-7)),
      );
      await checks().save(lease, { cursor: 1, facesDone: 1, pairs }, LONG);
      const read: DuplicatePair[] = [];
      let cursor: string | undefined = '';
      while (cursor !== undefined) {
        const page = await checks().pairs(check.id, { size: 4, cursor });
        expect(page.total).toBe(15);
        read.push(...page.entries);
        cursor = page.nextCursor;
      }
      expect(read).toHaveLength(15);
      expect(read).toEqual(expect.arrayContaining(pairs));
      expect(read.map(({ score }) => score)).toEqual(pairs.map(({ score }) => score).sort((a, b) => b - a));
      await expect(checks().pairs(newId('check'), {})).rejects.toMatchObject({ reason: 'JOB_NOT_FOUND' });
      const strangers = (await checks().list({ size: 1 })).nextCursor ?? '';
      await expect(checks().pairs(check.id, { cursor: strangers })).rejects.toMatchObject({
        reason: 'CURSOR_INVALID',
      });
      for (const bad of [pair(persons[1], persons[0], 1), pair(persons[0], persons[1], Number.NaN)]) {
        await expect(
          checks().save(lease, { cursor: 1, facesDone: 1, pairs: [bad] }, LONG),
        ).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
      }
      await checks().cancel(check.id);
      expect((await checks().pairs(check.id, {})).total).toBe(15);
    });

    it('read the faces of their groups that were there at the start, from where they were', async () => {
      const [a, b] = [await current().createGroup(aGroup()), await current().createGroup(aGroup())];
      const persons = [...(await enrol(a.id, 5)), ...(await enrol(b.id, 4))];
      await current().addToGroups(persons[0]?.id ?? '', [b.id]);
      const check = await checks().create({ groupIds: [a.id, b.id], minimumScore: 60 });
      const claim = await checks().claim(LONG);
      expect(claim?.job.facesTotal).toBe(9);
      await enrol(a.id, 2);
      const range = { groupIds: [a.id, b.id], upTo: claim?.lastFace ?? 0, batchSize: 2 };
      const read: string[] = [];
      const cursors: number[] = [];
      for await (const { entries, cursor } of current().streamTemplatesOfGroups(MODEL, range)) {
        read.push(...entries.map(({ personId }) => personId));
        cursors.push(cursor);
      }
      expect([...read].sort()).toEqual(persons.map(({ id }) => id).sort());
      const again: string[] = [];
      const rest = { ...range, after: cursors[1] ?? 0 };
      for await (const { entries } of current().streamTemplatesOfGroups(MODEL, rest)) {
        again.push(...entries.map(({ personId }) => personId));
      }
      expect(again).toEqual(read.slice(4));
      for await (const { entries } of current().streamTemplatesOfGroups('other', range)) {
        expect(entries).toEqual([]);
      }
      await checks().cancel(check.id);
    });
  });
}
