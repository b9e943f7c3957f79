import { MienError } from '@mien/errors';
import type { PeopleStore } from '../../people-store';
import { Follower } from '../follower';
import { aFace, aGroup, aPerson, newId, templateOf } from '../people';

export function describeConcurrency(current: () => PeopleStore): void {
  describe('many writers', () => {
    it('of one person leave one consistent state', async () => {
      const store = current();
      const home = await store.createGroup(aGroup({ fieldNames: ['a'] }));
      const away = await store.createGroup(aGroup());
      const person = await store.createPerson(aPerson(home.id));
      const follower = await Follower.rebuilt(store);
      const firstFace = person.faces[0]?.id ?? '';
      const calls = Array.from({ length: 50 }, (_, index) => {
        switch (index % 6) {
          case 0:
          case 1:
            return store.addFaces(person.id, [aFace()]);
          case 2:
            return store.deleteFaces(person.id, [firstFace]);
          case 3:
            return store.updatePerson(person.id, { name: `name ${index}` });
          case 4:
            return store.addToGroups(person.id, [away.id]);
          default:
            return store.removeFromGroup(person.id, away.id);
        }
      });
      const outcomes = await Promise.allSettled(calls);
      const reasons = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected'
          ? [outcome.reason instanceof MienError ? outcome.reason.reason : 'other']
          : [],
      );
      const expected = ['LIMIT_REACHED', 'FACE_NOT_FOUND', 'LAST_FACE', 'PERSON_NOT_IN_GROUP'];
      expect(reasons.filter((reason) => !expected.includes(reason))).toEqual([]);
      // 17 of the writers add a face to a person who may have five, and one takes the first away.
      expect(reasons.filter((reason) => reason === 'LIMIT_REACHED').length).toBeGreaterThanOrEqual(12);

      const after = await store.getPerson(person.id);
      const refusals = outcomes.filter(
        (outcome) =>
          outcome.status === 'fulfilled' &&
          typeof outcome.value === 'object' &&
          'refused' in outcome.value &&
          outcome.value.refused.length > 0,
      );
      expect(after.revision).toBe(1 + 50 - reasons.length - refusals.length);
      expect(after.faces.length).toBeLessThanOrEqual(5);
      const templates = await store.templatesOfPersons([person.id]);
      expect(templates.map((template) => template.faceId)).toEqual(after.faces.map((face) => face.id));
      const isAway = after.memberships.some(({ groupId }) => groupId === away.id);
      expect(await store.getGroup(home.id)).toMatchObject({ personCount: 1, faceCount: after.faces.length });
      expect(await store.getGroup(away.id)).toMatchObject(
        isAway ? { personCount: 1, faceCount: after.faces.length } : { personCount: 0, faceCount: 0 },
      );
      await follower.follow();
      expect(follower.content()).toEqual((await Follower.rebuilt(store)).content());
    });

    it('of one id enrol one person', async () => {
      const group = await current().createGroup(aGroup());
      const person = aPerson(group.id);
      const calls = Array.from({ length: 12 }, () => current().createPerson({ ...person, face: aFace() }));
      const outcomes = await Promise.allSettled(calls);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') {
          expect(outcome.reason).toMatchObject({ reason: 'PERSON_ID_TAKEN' });
        }
      }
      expect(await current().getGroup(group.id)).toMatchObject({ personCount: 1, faceCount: 1 });
    });

    it('of many persons and groups keep the counts right while a group goes', async () => {
      const store = current();
      const [a, b, doomed] = [
        await store.createGroup(aGroup()),
        await store.createGroup(aGroup()),
        await store.createGroup(aGroup()),
      ];
      const before = await store.totals();
      const enrolments = Array.from({ length: 24 }, async (_, index) => {
        const home = index % 2 === 0 ? doomed.id : a.id;
        const person = await store.createPerson(aPerson(home));
        await store.addToGroups(person.id, [doomed.id, b.id]);
        if (index % 5 === 0) {
          await store.deletePerson(person.id);
        }
      });
      const [deletion, ...others] = await Promise.allSettled([store.deleteGroup(doomed.id), ...enrolments]);
      expect(deletion.status).toBe('fulfilled');
      for (const outcome of others) {
        if (outcome.status === 'rejected') {
          expect(['GROUP_NOT_FOUND', 'PERSON_NOT_FOUND']).toContain(outcome.reason.reason);
        }
      }
      const inA = await store.listPersons(a.id, { size: 1000 });
      const inB = await store.listPersons(b.id, { size: 1000 });
      const all = new Set([...inA.entries, ...inB.entries].map((person) => person.id));
      expect(inA.entries).toHaveLength(inA.total);
      expect(inB.entries).toHaveLength(inB.total);
      expect(await store.totals()).toEqual({
        groups: before.groups - 1,
        persons: before.persons + all.size,
        faces: before.faces + all.size,
      });
      for (const person of [...inA.entries, ...inB.entries]) {
        expect(person.memberships.map(({ groupId }) => groupId)).not.toContain(doomed.id);
      }
    });

    it("of long work don't stand in the way of deletions, nor these in theirs", async () => {
      const store = current();
      const to = newId('embedding');
      const [group, doomed] = [await store.createGroup(aGroup()), await store.createGroup(aGroup())];
      const persons = await Promise.all(
        Array.from({ length: 24 }, (_, index) =>
          store.createPerson(aPerson(index % 3 === 0 ? doomed.id : group.id)),
        ),
      );
      const faces = persons
        .map(({ id, faces: [face] }) => ({ personId: id, faceId: face?.id ?? '' }))
        .sort((a, b) => (a.personId < b.personId ? -1 : 1));
      const pairs = faces.flatMap((first, at) =>
        faces.slice(at + 1).map((second) => ({ first, second, score: at })),
      );
      const templates = faces.map(({ faceId }) => ({ faceId, modelVersion: to, template: templateOf(1) }));
      const checks = [group, doomed].map(({ id }) => ({ groupIds: [id], minimumScore: 0 }));
      await Promise.all(checks.map((check) => store.duplicateChecks.create(check)));
      const leases = [await store.duplicateChecks.claim(600), await store.duplicateChecks.claim(600)].map(
        (claim) => claim?.lease ?? { jobId: '', token: '' },
      );
      const progress = { cursor: 1, facesDone: 1 };
      const work = leases.flatMap((lease, index) => [
        store.duplicateChecks.save(
          lease,
          { ...progress, pairs: index > 0 ? pairs : pairs.toReversed() },
          600,
        ),
        store.addTemplates(index > 0 ? templates : templates.toReversed()),
        store.duplicateChecks.save(lease, { ...progress, pairs }, 600),
      ]);
      const removals = [
        store.deleteGroup(doomed.id),
        ...persons.filter((_, index) => index % 3 === 1).map(({ id }) => store.deletePerson(id)),
        store.dropTemplates(to),
      ];
      await Promise.all([...work, ...removals]);
      const left = new Set(persons.filter((_, index) => index % 3 === 2).map(({ id }) => id));
      for (const { jobId } of leases) {
        const { entries, total } = await store.duplicateChecks.pairs(jobId, { size: 1000 });
        expect(total).toBe(28);
        expect(
          entries.every(({ first, second }) => left.has(first.personId) && left.has(second.personId)),
        ).toBe(true);
        await store.duplicateChecks.cancel(jobId);
      }
    });
  });
}
