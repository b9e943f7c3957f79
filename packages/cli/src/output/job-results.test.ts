import { JobResult } from '@mien/proto';
import { resultLine, resultTable } from './job-results';

function result(value: Parameters<typeof JobResult.fromPartial>[0]): JobResult {
  return JobResult.fromPartial(value);
}

describe('results of a job', () => {
  it('are a row for each photo', () => {
    const table = resultTable([
      result({ name: 'a.jpg', result: { $case: 'detect', value: { faces: [{}, {}] } } }),
      result({
        index: 1,
        name: 'b.jpg',
        result: {
          $case: 'search',
          value: {
            results: [
              { candidates: [{ personId: 'ada', score: 87.25 }] },
              {
                groups: [
                  { candidates: [{ personId: 'bob', score: 40 }] },
                  { candidates: [{ personId: 'cy', score: 60 }] },
                ],
              },
              {},
            ],
          },
        },
      }),
      result({
        index: 2,
        result: { $case: 'enrol', value: { personId: 'ada', face: { id: 'f-1' }, createdPerson: true } },
      }),
      result({
        index: 3,
        gaveUp: true,
        result: { $case: 'refusal', value: { reason: 'INTERNAL', message: 'a fault' } },
      }),
      result({
        index: 5,
        result: { $case: 'enrol', value: { similar: { personId: 'ada', score: 91 } } },
      }),
      result({
        index: 4,
        result: { $case: 'checkLiveness', value: { face: { liveness: { live: true, score: 98.12 } } } },
      }),
    ]);
    for (const row of [
      /│ 1 │ a\.jpg │ 2 faces +│/,
      /│ 2 │ b\.jpg │ ada 87\.3; cy 60\.0; nobody +│/,
      /│ 3 │ +│ new person ada, face f-1 +│/,
      /│ 4 │ +│ given up: INTERNAL: a fault +│/,
      /│ 5 │ +│ live, score 98\.1 +│/,
      /│ 6 │ +│ not enrolled: resembles ada, score 91\.0 +│/,
    ]) {
      expect(table).toMatch(row);
    }
  });

  it('of an album are its persons', () => {
    const album = result({
      result: { $case: 'cluster', value: { clusters: [{ faces: [{ photo: 'a.jpg' }] }] } },
    });
    expect(resultTable([album])).toMatch(/│ 1 │ 1 +│ +│ +│ a\.jpg/);
  });

  it('are lines of JSON under the name of the work', () => {
    const refused = result({
      index: 3,
      name: 'a.jpg',
      result: { $case: 'refusal', value: { reason: 'NO_FACE' } },
    });
    expect(resultLine('J', refused)).toEqual({
      job: 'J',
      index: 3,
      photo: 'a.jpg',
      refusal: { reason: 'NO_FACE', message: '' },
    });
    expect(resultLine('J', { ...refused, gaveUp: true })).toMatchObject({ gaveUp: true });
  });
});
