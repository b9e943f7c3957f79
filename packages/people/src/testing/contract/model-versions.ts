import type { PeopleStore } from '../../people-store';
import type { NewFace, Person } from '../../persons';
import { aFace, aGroup, aPerson, MODEL, newId, templateOf } from '../people';

export function describeModelVersions(current: () => PeopleStore): void {
  describe('model versions', () => {
    /** A face with templates of both versions. */
    const both = (to: string): NewFace =>
      aFace({ furtherTemplates: [{ modelVersion: to, template: templateOf(1000) }] });
    const faceOf = (person: Person) => person.faces[0]?.id ?? '';
    const versionsOf = async (person: Person) => {
      const templates = await current().templatesOfPersons([person.id]);
      return templates.map(({ modelVersion }) => modelVersion);
    };

    it('can be several of a face, from the start or later', async () => {
      const to = newId('embedding');
      const group = await current().createGroup(aGroup());
      const person = await current().createPerson(aPerson(group.id, { face: both(to) }));
      expect(await versionsOf(person)).toEqual([MODEL, to].sort());
      const later = await current().createPerson(aPerson(group.id));
      await drainIndex(current());
      const missing = aFace().id;
      const added = [faceOf(later), faceOf(person), missing].map((faceId, index) => ({
        faceId,
        modelVersion: to,
        template: templateOf(2000 + index),
      }));
      expect(new Set(await current().addTemplates(added))).toEqual(new Set([faceOf(later), faceOf(person)]));
      expect(await current().addTemplates([])).toEqual([]);
      const templates = await current().templatesOfFaces([faceOf(person), faceOf(later)], to);
      expect(templates.map(({ vector }) => vector)).toEqual([templateOf(2001), templateOf(2000)]);
      const told = (await current().readOutbox('index')).map((entry) => 'faceId' in entry && entry.faceId);
      expect(new Set(told)).toEqual(new Set([faceOf(person), faceOf(later)]));
      for (const bad of [
        both(MODEL),
        aFace({ furtherTemplates: [{ modelVersion: to, template: new Float32Array(512) }] }),
      ]) {
        await expect(current().addFaces(person.id, [bad])).rejects.toMatchObject({
          reason: 'ARGUMENT_INVALID',
        });
      }
    });

    it('of a group change when every face has a template, and back once', async () => {
      const to = newId('embedding');
      const group = await current().createGroup(aGroup());
      const ready = await current().createPerson(aPerson(group.id, { face: both(to) }));
      const late = await current().createPerson(aPerson(group.id));
      const change = () => current().switchModelVersion([group.id], MODEL, to);
      await expect(change()).rejects.toMatchObject({
        reason: 'TEMPLATES_MISSING',
        metadata: { faces: '1' },
      });
      await current().addTemplates([{ faceId: faceOf(late), modelVersion: to, template: templateOf(1) }]);
      await change();
      expect(await current().getGroup(group.id)).toMatchObject({
        modelVersion: to,
        previousModelVersion: MODEL,
      });
      await expect(change()).rejects.toMatchObject({ reason: 'MODEL_VERSIONS_DIFFER' });
      await expect(current().createPerson(aPerson(group.id))).rejects.toMatchObject({
        reason: 'MODEL_VERSIONS_DIFFER',
      });
      const [onlyNew] = await current().addFaces(ready.id, [aFace({ modelVersion: to })]);
      await expect(current().rollBackModelVersion([group.id])).rejects.toMatchObject({
        reason: 'UPGRADE_NOT_REVERSIBLE',
      });
      await current().addTemplates([
        { faceId: onlyNew?.id ?? '', modelVersion: MODEL, template: templateOf(2) },
      ]);
      await current().rollBackModelVersion([group.id]);
      expect(await current().getGroup(group.id)).toMatchObject({ modelVersion: MODEL });
      expect(await current().getGroup(group.id)).not.toHaveProperty('previousModelVersion');
      await expect(current().rollBackModelVersion([group.id])).rejects.toMatchObject({
        reason: 'UPGRADE_NOT_REVERSIBLE',
      });
      await expect(current().rollBackModelVersion([newId('group')])).rejects.toMatchObject({
        reason: 'GROUP_NOT_FOUND',
      });
    });

    it('of groups change all or none, whomever they share', async () => {
      const to = newId('embedding');
      const [a, b] = [await current().createGroup(aGroup()), await current().createGroup(aGroup())];
      const shared = await current().createPerson(aPerson(a.id, { face: both(to) }));
      await current().addToGroups(shared.id, [b.id]);
      const alone = await current().createPerson(aPerson(b.id));
      await expect(current().switchModelVersion([a.id, b.id], MODEL, to)).rejects.toMatchObject({
        reason: 'TEMPLATES_MISSING',
      });
      expect((await current().getGroup(a.id)).modelVersion).toBe(MODEL);
      await current().switchModelVersion([a.id], MODEL, to);
      // In groups of two versions: a new face needs templates of both.
      await expect(current().addFaces(shared.id, [aFace()])).rejects.toMatchObject({
        reason: 'MODEL_VERSIONS_DIFFER',
      });
      expect(await current().addFaces(shared.id, [both(to)])).toHaveLength(1);
      const { refused } = await current().addToGroups(alone.id, [a.id]);
      expect(refused).toMatchObject([{ reason: 'MODEL_VERSIONS_DIFFER' }]);
      await current().addTemplates([{ faceId: faceOf(alone), modelVersion: to, template: templateOf(1) }]);
      expect((await current().addToGroups(alone.id, [a.id])).joinedGroupIds).toEqual([a.id]);
    });

    it('are dropped once nobody needs them', async () => {
      const [from, to] = [newId('embedding'), newId('embedding')];
      const group = await current().createGroup(aGroup({ modelVersion: from }));
      const face = aFace({ modelVersion: from, furtherTemplates: both(to).furtherTemplates ?? [] });
      const person = await current().createPerson(aPerson(group.id, { face }));
      const dropped = () => current().dropTemplates(from);
      await expect(dropped()).rejects.toMatchObject({ reason: 'MODEL_VERSION_IN_USE' });
      await current().switchModelVersion([group.id], from, to);
      const check = await current().duplicateChecks.create({ groupIds: [group.id], minimumScore: 1 });
      await expect(current().dropTemplates(to)).rejects.toMatchObject({ reason: 'MODEL_VERSION_IN_USE' });
      await current().duplicateChecks.cancel(check.id);
      expect(await dropped()).toBe(1);
      expect(await dropped()).toBe(0);
      expect(await versionsOf(person)).toEqual([to]);
      expect((await current().getPerson(person.id)).faces[0]?.modelVersion).toBe(to);
      await expect(current().rollBackModelVersion([group.id])).rejects.toMatchObject({
        reason: 'UPGRADE_NOT_REVERSIBLE',
      });
    });

    it('of a group change while persons are enrolled and deleted, and no face lacks its template', async () => {
      const to = newId('embedding');
      const group = await current().createGroup(aGroup());
      const before = await current().createPerson(aPerson(group.id, { face: both(to) }));
      const enrolments = Array.from({ length: 20 }, (_, index) =>
        current().createPerson(aPerson(group.id, { face: index % 2 === 0 ? both(to) : aFace() })),
      );
      const outcomes = Promise.allSettled([...enrolments, current().deletePerson(before.id)]);
      const changes = await Promise.allSettled(
        enrolments.map(() => current().switchModelVersion([group.id], MODEL, to)),
      );
      await outcomes;
      const { modelVersion } = await current().getGroup(group.id);
      expect(modelVersion).toBe(changes.some(({ status }) => status === 'fulfilled') ? to : MODEL);
      const { entries } = await current().listPersons(group.id, { size: 100 });
      const templates = await current().templatesOfPersons(
        entries.map(({ id }) => id),
        modelVersion,
      );
      expect(templates).toHaveLength((await current().getGroup(group.id)).faceCount);
    });
  });
}

async function drainIndex(store: PeopleStore): Promise<void> {
  const entries = await store.readOutbox('index', 10_000);
  await store.acknowledge(entries.map((entry) => entry.id));
}
