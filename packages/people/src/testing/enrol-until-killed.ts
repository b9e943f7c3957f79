import { openPglitePeopleStore } from '../sql/open-pglite';
import { aFace, aFaceWithBlobs, aGroup, aPerson } from './people';

/**
 * A process that changes the library in the folder it is given and says each change once it is acknowledged, as a
 * line of JSON, until somebody kills it.
 */
async function enrolUntilKilled(folder: string): Promise<never> {
  const store = await openPglitePeopleStore({ folder });
  const group = await store.createGroup(aGroup());
  for (;;) {
    const face = await aFaceWithBlobs(store);
    say({ reserved: [face.cropKey, face.photoKey] });
    const person = await store.createPerson(aPerson(group.id, { face }));
    say({ enrolled: person.id, faces: 1 });
    await store.addFaces(person.id, [aFace()]);
    say({ enrolled: person.id, faces: 2 });
    const passing = await store.createPerson(aPerson(group.id));
    await store.deletePerson(passing.id);
    say({ deleted: passing.id });
  }
}

function say(change: object): void {
  process.stdout.write(`${JSON.stringify(change)}\n`);
}

void enrolUntilKilled(process.argv[2] ?? '');
