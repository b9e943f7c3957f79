import { clusterFaces } from './cluster-faces';
import { clusterInThread } from './cluster-in-thread';
import { faceVectors, syntheticPersons } from './testing/faces';

describe('clusterInThread', () => {
  const persons = syntheticPersons([4, 1, 6]);

  it('answers what clusterFaces answers, and takes the vectors along', async () => {
    const faces = faceVectors(persons);
    const expected = clusterFaces(faceVectors(persons), 0.4);
    expect(await clusterInThread(faces, 0.4, new AbortController().signal)).toEqual(expected);
    expect(faces.values).toHaveLength(0);
  });

  it('ends with its signal, however much is left to do', async () => {
    const abort = new AbortController();
    // Hundreds of millions of pairs: far more than is done before the next turn of the event loop.
    const many = { values: new Float32Array(20_000 * 512), dimensions: 512 };
    const clusters = clusterInThread(many, 0.5, abort.signal);
    setImmediate(() => abort.abort(new Error('enough')));
    await expect(clusters).rejects.toThrow('enough');
  });

  it('does not begin once its signal has aborted', async () => {
    const faces = faceVectors(persons);
    await expect(clusterInThread(faces, 0.4, AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
    expect(faces.values).not.toHaveLength(0);
  });
});
