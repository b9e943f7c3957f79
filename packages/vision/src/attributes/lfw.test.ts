import { defaultManifestPath, loadPack } from '@mien/models';
import { type Attributes, Gender, Glasses } from '@mien/proto';
import { AttributeAnalyser } from './analyser';
import { type AppearanceLabel, appearanceLabels } from './calibration/labels';
import { labelFile, lfwFolder, photoPath } from './calibration/lfw';
import { FaceFinder } from './calibration/samples';
import { readPhoto } from './calibration/variants';

const FOLDER = lfwFolder(process.env['LFW_DIR']);

/** So many of the labelled people: enough to see that the answers are of the faces, and quick. */
const PEOPLE = 32;

interface Judged {
  readonly name: string;
  readonly label: AppearanceLabel;
  readonly answer: Attributes;
}

/** Nothing was trained or calibrated on these people. */
(FOLDER ? describe : describe.skip)('people of the LFW test list', () => {
  let judged: Judged[];

  beforeAll(async () => {
    const pack = loadPack(defaultManifestPath());
    const finder = await FaceFinder.open(pack, { threads: 1 });
    const analyser = await AttributeAnalyser.open(pack, { threads: 1 });
    judged = [];
    // Every eighth: the whole alphabet.
    const chosen = [...appearanceLabels('test')].filter((_, index) => index % 8 === 0).slice(0, PEOPLE);
    for (const [name, label] of chosen) {
      const face = await finder.central(await readPhoto(photoPath(FOLDER ?? '', name)));
      const [answer] = face ? await analyser.analyse([face]) : [];
      if (answer) {
        judged.push({ name, label, answer });
      }
    }
    await finder.close();
    await analyser.close();
  }, 180_000);

  /** Share that `right` says yes to; those that it can't judge are left out. */
  function share(right: (person: Judged) => boolean | undefined): number {
    const verdicts = judged.map(right).filter((verdict) => verdict !== undefined);
    expect(verdicts.length).toBeGreaterThan(PEOPLE / 4);
    return verdicts.filter((verdict) => verdict).length / verdicts.length;
  }

  it('have one face each', () => {
    expect(judged).toHaveLength(PEOPLE);
  });

  it('have the gender of their first names', () => {
    const { male, female } = labelFile('first-names.json');
    const [men, women] = [new Set(Object.values(male ?? {})), new Set(Object.values(female ?? {}))];
    const right = share(({ name, answer }) => {
      const first = name.split('_')[0] ?? '';
      const expected = men.has(first)
        ? Gender.GENDER_MALE
        : women.has(first)
          ? Gender.GENDER_FEMALE
          : undefined;
      return expected && answer.gender?.value === expected;
    });
    expect(right).toBeGreaterThanOrEqual(0.9);
  });

  it('wear the glasses, hats and beards that the eye sees', () => {
    const glasses = { none: Glasses.GLASSES_NONE, plain: Glasses.GLASSES_PLAIN, sun: Glasses.GLASSES_SUN };
    expect(
      share(({ label, answer }) => label.glasses && answer.glasses?.value === glasses[label.glasses]),
    ).toBeGreaterThanOrEqual(0.9);
    expect(
      share(({ label, answer }) => label.hat && answer.hat?.worn === (label.hat === 'worn')),
    ).toBeGreaterThanOrEqual(0.9);
    expect(
      share(
        ({ label, answer }) =>
          label.moustache && answer.moustache?.present === (label.moustache === 'present'),
      ),
    ).toBeGreaterThanOrEqual(0.9);
  });

  it('are not all told the same', () => {
    expect(new Set(judged.map(({ answer }) => answer.gender?.value)).size).toBe(2);
    expect(new Set(judged.map(({ answer }) => answer.glasses?.value)).size).toBeGreaterThan(1);
    expect(new Set(judged.map(({ answer }) => answer.moustache?.present)).size).toBe(2);
    expect(new Set(judged.map(({ answer }) => answer.hair?.color)).size).toBeGreaterThan(2);
    expect(new Set(judged.map(({ answer }) => answer.expression?.emotions[0]?.emotion)).size).toBeGreaterThan(
      1,
    );
  });
});
