import type { CloudEvent } from '@mien/notifications';
import { TestLibrary } from '../testing/test-library';
import { tellEnrolments } from './enrolment-events';

describe('what is told of enrolments', () => {
  let test: TestLibrary;
  const template = (first: number) => Float32Array.from({ length: 512 }, (_, at) => (at === first ? 1 : 0));

  beforeAll(async () => {
    test = await TestLibrary.open();
  });
  afterAll(() => test.close());

  it('names person, face and groups of each face, without anything biometric', async () => {
    const group = await test.group();
    const { id, faceIds } = await test.enrolTemplates(group, [template(0), template(1)]);
    const told: CloudEvent[] = [];
    await tellEnrolments(test.library.people, async (event) => void told.push(event));
    expect(told).toMatchObject(
      faceIds.map((faceId) => ({
        id: `face-${faceId}`,
        type: 'person.enrolled',
        source: '/mien/library',
        subject: id,
      })),
    );
    expect(told.map(({ data }) => data)).toEqual([
      { personId: id, faceId: faceIds[0], groupIds: [group], createdPerson: true },
      { personId: id, faceId: faceIds[1], groupIds: [group] },
    ]);
    await tellEnrolments(test.library.people, async (event) => void told.push(event));
    expect(told).toHaveLength(2);
  });

  it('is told again when it could not be told', async () => {
    const { faceIds } = await test.enrolTemplates(await test.group(), [template(2)]);
    const { people } = test.library;
    await expect(tellEnrolments(people, () => Promise.reject(new Error('the bus is away')))).rejects.toThrow(
      'away',
    );
    const told: string[] = [];
    await tellEnrolments(people, async ({ id }) => void told.push(id));
    expect(told).toEqual([`face-${faceIds[0]}`]);
  });

  it('leaves out who is gone again', async () => {
    const { id } = await test.enrolTemplates(await test.group(), [template(3)]);
    await test.library.people.deletePerson(id);
    const told: CloudEvent[] = [];
    await tellEnrolments(test.library.people, async (event) => void told.push(event));
    expect(told).toEqual([]);
  });
});
