import { SearchRequest, SearchResponse } from '@mien/proto';
import { LOCAL_OPERATOR } from '../access/principal';
import { Call } from '../usecases/call';
import { livenessAlarms, sightings } from './sightings';

const person = (id: string, ...groupIds: string[]) => ({
  id,
  memberships: groupIds.map((groupId) => ({ groupId })),
});
const request = (minimumScore = 0) =>
  SearchRequest.fromPartial({ groupIds: ['staff', 'guests'], source: 'door', minimumScore });

describe('what a source has seen', () => {
  const call = new Call(60_000, { principal: LOCAL_OPERATOR });
  afterAll(() => call.close());

  it('is the best candidate of each face, with the searched groups that the person is in', () => {
    const answer = SearchResponse.fromPartial({
      results: [
        {
          candidates: [
            { personId: 'ada', faceId: 'a1', score: 91.5, person: person('ada', 'guests', 'secret') },
            { personId: 'bob', faceId: 'b1', score: 61, person: person('bob', 'staff') },
          ],
        },
        {
          groups: [
            {
              groupId: 'staff',
              candidates: [{ personId: 'eve', score: 62, person: person('eve', 'staff') }],
            },
            {
              groupId: 'guests',
              candidates: [{ personId: 'joe', score: 70, person: person('joe', 'guests') }],
            },
          ],
        },
      ],
    });
    const events = sightings(request(), answer, call);
    expect(events.map(({ type, subject, data }) => ({ type, subject, data }))).toMatchObject([
      {
        type: 'person.matched',
        subject: 'ada',
        data: { source: 'door', personId: 'ada', faceId: 'a1', groupIds: ['guests'], score: 91.5 },
      },
      { type: 'person.matched', subject: 'joe', data: { personId: 'joe', groupIds: ['guests'] } },
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  });

  it('is a stranger below the score that is enough, and nothing where the face was refused', () => {
    const candidates = [{ personId: 'ada', score: 59, person: person('ada', 'staff') }];
    const answer = SearchResponse.fromPartial({
      results: [{ candidates }, { refusal: { reason: 'FACE_QUALITY_TOO_LOW' } }],
    });
    expect(sightings(request(), answer, call)).toMatchObject([
      { type: 'stranger.seen', data: { source: 'door', groupIds: ['staff', 'guests'] } },
    ]);
    expect(sightings(request(55), answer, call)).toMatchObject([{ type: 'person.matched' }]);
  });

  it('has the same name for the same photo of a job', () => {
    const submission = { jobId: '01J', photoIndex: 3 };
    const again = new Call(60_000, { principal: LOCAL_OPERATOR, submission });
    const answer = SearchResponse.fromPartial({ results: [{}] });
    expect(sightings(request(), answer, again)[0]?.id).toBe('search-01J-3-0');
    expect(sightings(request(), answer, call)[0]?.id).not.toBe(sightings(request(), answer, call)[0]?.id);
    again.close();
  });

  it('is an alarm when nobody live is seen', () => {
    const judged = { score: 12.25, threshold: 50, refusalReason: '' };
    expect(livenessAlarms('gate', { ...judged, live: true }, call)).toEqual([]);
    expect(livenessAlarms('gate', { ...judged, live: false }, call)).toMatchObject([
      { type: 'liveness.failed', data: { source: 'gate', score: 12.25 } },
    ]);
  });
});
