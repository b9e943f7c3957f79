import type { ModelUpgrade } from '../../model-upgrades';
import type { FaceLackingTemplate } from '../../model-versions';
import type { PeopleStore } from '../../people-store';
import { aFaceWithBlobs, aGroup, aPerson, MODEL, newId, templateOf } from '../people';

const LONG = 3600;

export function describeModelUpgrades(current: () => PeopleStore): void {
  describe('model upgrades', () => {
    const upgrades = () => current().modelUpgrades;
    const claim = async (upgrade: ModelUpgrade) => {
      const claimed = await upgrades().claim(LONG);
      expect(claimed?.job.id).toBe(upgrade.id);
      return claimed?.lease ?? { jobId: '', token: '' };
    };
    const lacking = async (groupId: string, version: string, batchSize = 2) => {
      const faces: FaceLackingTemplate[] = [];
      let last = 0;
      const range = { groupIds: [groupId], batchSize };
      for await (const { entries, cursor } of current().streamFacesLackingTemplate(version, range)) {
        faces.push(...entries);
        last = cursor;
      }
      return { faces, cursor: last };
    };
    const templatesFor = (faces: readonly FaceLackingTemplate[], modelVersion: string) =>
      faces.map(({ faceId }, index) => ({ faceId, modelVersion, template: templateOf(index + 1) }));

    it('give every face a template, switch the group, and can be rolled back once', async () => {
      const to = newId('embedding');
      const group = await current().createGroup(aGroup());
      const face = await aFaceWithBlobs(current());
      const person = await current().createPerson(aPerson(group.id, { face }));
      for (let count = 0; count < 4; count += 1) {
        await current().createPerson(aPerson(group.id));
      }
      const upgrade = await upgrades().create({ groupIds: [group.id], toVersion: to });
      expect(upgrade).toMatchObject({ state: 'queued', fromVersion: MODEL, toVersion: to, facesFailed: 0 });
      const lease = await claim(upgrade);
      const { faces, cursor } = await lacking(group.id, to);
      expect(faces).toHaveLength(5);
      expect(faces[0]).toEqual({ faceId: face.id, personId: person.id, cropKey: face.cropKey });
      const [bad, ...good] = faces;
      const failed = [{ faceId: bad?.faceId ?? '', reason: 'BLOB_LOST', message: 'gone' } as const];
      const progress = { cursor, facesDone: 5, templates: templatesFor(good, to), failed };
      await upgrades().save(lease, progress, LONG);
      await upgrades().save(lease, progress, LONG);
      expect(await upgrades().get(upgrade.id)).toMatchObject({ facesDone: 5, facesTotal: 5, facesFailed: 1 });
      expect(await upgrades().failedFaces(upgrade.id, {})).toEqual({ entries: failed, total: 1 });
      await expect(upgrades().finish(lease)).rejects.toMatchObject({
        reason: 'TEMPLATES_MISSING',
        metadata: { faces: '1' },
      });
      expect((await lacking(group.id, to)).faces).toEqual([bad]);
      const rest = { cursor, facesDone: 5, templates: templatesFor(faces.slice(0, 1), to), failed: [] };
      await upgrades().save(lease, rest, LONG);
      await expect(upgrades().rollBack(upgrade.id)).rejects.toMatchObject({ reason: 'JOB_NOT_DONE' });
      expect(await upgrades().finish(lease)).toMatchObject({ state: 'done', facesFailed: 0 });
      expect((await current().getGroup(group.id)).modelVersion).toBe(to);
      expect(await upgrades().rollBack(upgrade.id)).toMatchObject({ state: 'rolled-back' });
      expect((await current().getGroup(group.id)).modelVersion).toBe(MODEL);
      await expect(upgrades().rollBack(upgrade.id)).rejects.toMatchObject({
        reason: 'UPGRADE_NOT_REVERSIBLE',
      });
    });

    it('name a face that failed for as long as it is in one of the groups', async () => {
      const to = newId('embedding');
      const [group, other] = [await current().createGroup(aGroup()), await current().createGroup(aGroup())];
      const person = await current().createPerson(aPerson(group.id));
      await current().addToGroups(person.id, [other.id]);
      const upgrade = await upgrades().create({ groupIds: [group.id], toVersion: to });
      const lease = await claim(upgrade);
      const failed = [{ faceId: person.faces[0]?.id ?? '', reason: 'BLOB_LOST', message: 'gone' } as const];
      await upgrades().save(lease, { cursor: 1, facesDone: 0, templates: [], failed }, LONG);
      expect(await upgrades().failedFaces(upgrade.id, {})).toEqual({ entries: failed, total: 1 });
      await current().removeFromGroup(person.id, group.id);
      expect(await upgrades().failedFaces(upgrade.id, {})).toEqual({ entries: [], total: 0 });
      expect(await upgrades().get(upgrade.id)).toMatchObject({ facesFailed: 0 });
      await upgrades().cancel(upgrade.id);
    });

    it('are one at a time for each group, and need another version', async () => {
      const to = newId('embedding');
      const [a, b] = [await current().createGroup(aGroup()), await current().createGroup(aGroup())];
      const upgrade = await upgrades().create({ groupIds: [a.id, b.id], toVersion: to });
      await expect(upgrades().create({ groupIds: [b.id], toVersion: newId('m') })).rejects.toMatchObject({
        reason: 'JOB_ALREADY_RUNNING',
        metadata: { jobId: upgrade.id },
      });
      await expect(current().dropTemplates(to)).rejects.toMatchObject({ reason: 'MODEL_VERSION_IN_USE' });
      expect(await current().duplicateChecks.list({})).not.toMatchObject({ entries: [{ id: upgrade.id }] });
      await expect(current().duplicateChecks.get(upgrade.id)).rejects.toMatchObject({
        reason: 'JOB_NOT_FOUND',
      });
      await upgrades().cancel(upgrade.id);
      await expect(upgrades().create({ groupIds: [b.id], toVersion: MODEL })).rejects.toMatchObject({
        reason: 'ARGUMENT_INVALID',
      });
    });

    it('forget what failed of who is deleted, and switch the groups that are left', async () => {
      const to = newId('embedding');
      const [a, b] = [await current().createGroup(aGroup()), await current().createGroup(aGroup())];
      const person = await current().createPerson(aPerson(a.id));
      const upgrade = await upgrades().create({ groupIds: [a.id, b.id], toVersion: to });
      const lease = await claim(upgrade);
      const failed = [{ faceId: person.faces[0]?.id ?? '', reason: 'NO_FACE', message: '' } as const];
      await upgrades().save(lease, { cursor: 1, facesDone: 1, templates: [], failed }, LONG);
      await current().deletePerson(person.id);
      expect((await upgrades().get(upgrade.id)).facesFailed).toBe(0);
      await upgrades().save(lease, { cursor: 1, facesDone: 1, templates: [], failed }, LONG);
      await current().deleteGroup(b.id);
      expect(await upgrades().finish(lease)).toMatchObject({ state: 'done', facesFailed: 0 });
      expect((await current().getGroup(a.id)).modelVersion).toBe(to);
      await current().switchModelVersion([a.id], to, newId('embedding'));
      await expect(upgrades().rollBack(upgrade.id)).rejects.toMatchObject({
        reason: 'UPGRADE_NOT_REVERSIBLE',
      });
    });
  });
}
