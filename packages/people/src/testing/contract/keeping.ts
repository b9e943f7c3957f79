import { randomBytes } from 'node:crypto';
import { AesGcmCipher } from '@mien/encryption';
import type { PeopleStore } from '../../people-store';
import type { NewPerson } from '../../persons';
import type { StoreOptions } from '../../sql/open-library';
import type { Resealed } from '../../templates';
import { aGroup, aPerson } from '../people';

export function describeKeeping(reopen: (options?: StoreOptions) => Promise<PeopleStore>): void {
  describe('what is kept', () => {
    it('is there when the store is opened again, and opens with its key only', async () => {
      const cipher = new AesGcmCipher(randomBytes(32));
      const sealed = await reopen({ cipher });
      const group = await sealed.createGroup(aGroup());
      const enrolment = aPerson(group.id);
      const person = await sealed.createPerson(enrolment);
      const [template] = await sealed.templatesOfPersons([person.id]);
      expect(template?.vector).toEqual(enrolment.face.template);
      await sealed.maintain();

      const strangers = await reopen({ cipher: new AesGcmCipher(randomBytes(32)) });
      await expect(strangers.templatesOfPersons([person.id])).rejects.toMatchObject({
        reason: 'RECORD_UNREADABLE',
      });
      const open = await reopen();
      expect(await open.getPerson(person.id)).toEqual(person);
      await expect(open.templatesOfPersons([person.id])).rejects.toMatchObject({
        reason: 'RECORD_UNREADABLE',
      });
      const later = aPerson(group.id);
      await open.createPerson(later);

      const again = await reopen({ cipher });
      const templates = await again.templatesOfPersons([person.id, later.id]);
      expect(templates.map(({ vector }) => vector)).toEqual([enrolment.face.template, later.face.template]);
    });

    it('is encrypted with a new key while the old one is there still, and then opens without that', async () => {
      const [old, next, lost] = [randomBytes(32), randomBytes(32), randomBytes(32)];
      const plain = await reopen();
      const group = await plain.createGroup(aGroup());
      const persons: NewPerson[] = [];
      const enrolOne = async (store: PeopleStore) => {
        const person = aPerson(group.id);
        await store.createPerson(person);
        persons.push(person);
      };
      await enrolOne(plain);
      await expect(sumOf(plain)).rejects.toMatchObject({ reason: 'CONFIGURATION_INVALID' });
      const before = await reopen({ cipher: new AesGcmCipher(old) });
      await enrolOne(before);
      await enrolOne(before);
      const unreadable = aPerson(group.id);
      const stranger = await reopen({ cipher: new AesGcmCipher(lost) });
      await stranger.createPerson(unreadable);

      const both = await reopen({ cipher: new AesGcmCipher(next, old) });
      await enrolOne(both);
      const first = await sumOf(both, 2);
      expect(first.resealed).toBeGreaterThanOrEqual(3);
      expect(first.unreadable).toBeGreaterThanOrEqual(1);
      expect(await sumOf(both, 2)).toEqual({ resealed: 0, unreadable: first.unreadable });

      const after = await reopen({ cipher: new AesGcmCipher(next) });
      const templates = await after.templatesOfPersons(persons.map(({ id }) => id));
      expect(templates.map(({ vector }) => vector)).toEqual(persons.map(({ face }) => face.template));
      await expect(after.templatesOfPersons([unreadable.id])).rejects.toMatchObject({
        reason: 'RECORD_UNREADABLE',
      });
      const found = await reopen({ cipher: new AesGcmCipher(next, old, lost) });
      expect((await sumOf(found)).resealed).toBeGreaterThanOrEqual(1);
      const [again] = await found.templatesOfPersons([unreadable.id]);
      expect(again?.vector).toEqual(unreadable.face.template);
    });
  });
}

async function sumOf(store: PeopleStore, batchSize?: number): Promise<Resealed> {
  const sum = { resealed: 0, unreadable: 0 };
  for await (const { resealed, unreadable } of store.reencryptTemplates(batchSize)) {
    sum.resealed += resealed;
    sum.unreadable += unreadable;
  }
  return sum;
}
