import {
  costOf,
  fitCost,
  lagThreshold,
  percentileOf,
  probabilityOfWaiting,
  sojournOf,
  stretchOfSharedCores,
  sumOf,
} from '.';

const MARKOV = { serviceVariability: 1, arrivalVariability: 1 };

describe('the model', () => {
  it.each([
    // One server: the utilisation itself. Others as tables of Erlang C have them.
    [1, 0.5, 0.5],
    [2, 0.5, 1 / 3],
    [5, 0.8, 0.5541],
    [10, 0.9, 0.6687],
    [3, 1, 1],
  ])('knows how often one of %i servers is waited for at %f', (servers, utilisation, probability) => {
    expect(probabilityOfWaiting(servers, utilisation)).toBeCloseTo(probability, 4);
  });

  it('is exact for M/M/1: the time in the system is exponential', () => {
    const time = sojournOf({ ...MARKOV, arrivalsPerSecond: 5, serviceSeconds: 0.1, servers: 1 });
    expect(time.mean).toBeCloseTo(0.2, 10);
    expect(time.variance).toBeCloseTo(0.04, 10);
    // ln(20) and ln(100) times the mean; the approximation is good to two percent there.
    expect(percentileOf(time, 0.95) / (0.2 * Math.log(20))).toBeCloseTo(1, 1);
    expect(percentileOf(time, 0.99) / (0.2 * Math.log(100))).toBeCloseTo(1, 1);
  });

  it('is that of Pollaczek and Khinchine for one server of steady service', () => {
    const steady = { arrivalsPerSecond: 8, serviceSeconds: 0.1, servers: 1 };
    const { mean } = sojournOf({ ...steady, serviceVariability: 0, arrivalVariability: 1 });
    expect(mean).toBeCloseTo(0.1 + (0.8 * 0.1) / (2 * 0.2), 10);
  });

  it('has no end where more comes than is served', () => {
    const time = sojournOf({ ...MARKOV, arrivalsPerSecond: 11, serviceSeconds: 0.1, servers: 1 });
    expect(percentileOf(time, 0.99)).toBe(Number.POSITIVE_INFINITY);
    expect(stretchOfSharedCores(2, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('adds times of parts', () => {
    expect(
      sumOf([
        { mean: 1, variance: 2 },
        { mean: 3, variance: 4 },
      ]),
    ).toEqual({ mean: 4, variance: 6 });
  });

  it('finds what a photo, a face, a large one and a megapixel cost', () => {
    const cost = { perPhotoMs: 5, perFaceMs: 20, perLargeFaceMs: 7, perMegapixelMs: 30 };
    const kinds = [
      { facesPerPhoto: 0, largeFacesPerPhoto: 0, megapixels: 0.3 },
      { facesPerPhoto: 4, largeFacesPerPhoto: 1, megapixels: 0.3 },
      { facesPerPhoto: 1, largeFacesPerPhoto: 1, megapixels: 1.2 },
      { facesPerPhoto: 2, largeFacesPerPhoto: 0, megapixels: 2 },
      { facesPerPhoto: 3, largeFacesPerPhoto: 3, megapixels: 4 },
    ].map((mix) => ({ ...mix, cpuMs: costOf(cost, mix) }));
    const fitted = fitCost(kinds);
    expect(fitted.perPhotoMs).toBeCloseTo(5, 6);
    expect(fitted.perFaceMs).toBeCloseTo(20, 6);
    expect(fitted.perLargeFaceMs).toBeCloseTo(7, 6);
    expect(fitted.perMegapixelMs).toBeCloseTo(30, 6);
    expect(() => fitCost(kinds.slice(0, 3))).toThrow('do not tell the parts');
  });

  it('counts more for each megapixel, the larger the photo', () => {
    const cost = { perPhotoMs: 0, perFaceMs: 0, perLargeFaceMs: 0, perMegapixelMs: 100 };
    const of = (megapixels: number) => costOf(cost, { facesPerPhoto: 0, largeFacesPerPhoto: 0, megapixels });
    expect(of(1)).toBeCloseTo(100, 10);
    expect(of(12) / of(1)).toBeCloseTo(15.39, 2);
  });

  it('sets KEDA off when what came last would wait too long', () => {
    expect(lagThreshold({ concurrency: 2, jobsPerSecond: 4 }, 0.5)).toBe(4);
    expect(lagThreshold({ concurrency: 2, jobsPerSecond: 4 }, 60)).toBe(242);
  });
});
