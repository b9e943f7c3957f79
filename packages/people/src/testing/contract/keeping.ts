import { randomBytes } from 'node:crypto';
import { AesGcmCipher } from '@mien/encryption';
import type { PeopleStore } from '../../people-store';
import type { StoreOptions } from '../../sql/open-library';
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
  });
}
