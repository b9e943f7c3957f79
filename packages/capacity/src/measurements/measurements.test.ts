import { costOf } from '../stage-cost';
import { ownMeasurements, parseMeasurements } from './measurements';
import { costVariability, serviceCost } from './service-cost';

describe('measurements', () => {
  const measured = ownMeasurements();

  it('are read as they are written', () => {
    expect(parseMeasurements(JSON.stringify(measured))).toEqual(measured);
  });

  it.each([
    ['no JSON', '{', 'no JSON'],
    ['what is missing', JSON.stringify({ ...measured, scans: undefined }), 'scans'],
    ['what is misspelt', JSON.stringify({ ...measured, scanns: [] }), 'scanns'],
    ['what is below 0', JSON.stringify({ ...measured, searchCpuMs: -1 }), 'searchCpuMs'],
  ])('are refused for %s', (_, json, named) => {
    expect(() => parseMeasurements(json)).toThrow(named);
  });

  it('are told by the fitted cost within a quarter of all services together', () => {
    for (const { what, cpuMs, ...mix } of measured.photos) {
      const services = Object.keys(cpuMs) as (keyof typeof cpuMs)[];
      const told = services.reduce((sum, service) => sum + costOf(serviceCost(measured, service), mix), 0);
      const sum = Object.values(cpuMs).reduce((total, ms) => total + ms, 0);
      expect([what, Math.abs(told - sum) < sum / 4]).toEqual([what, true]);
    }
  });

  it('know how costs vary with the faces', () => {
    const cost = { perPhotoMs: 10, perFaceMs: 20, perLargeFaceMs: 5, perMegapixelMs: 0 };
    const mix = { facesPerPhoto: 4, largeFacesPerPhoto: 1, megapixels: 1 };
    expect(costVariability(cost, mix, 95)).toBeCloseTo((400 * 3 + 625) / 95 ** 2, 10);
    expect(costVariability(cost, { ...mix, facesPerPhoto: 0, largeFacesPerPhoto: 0 }, 0)).toBe(0);
  });
});
