/** What the model versions of our library are called here: 3.0, or 2.0. */
export class FaceModelNames {
  /** @param versions our model version by name, as far as the operator told; all others are 3.0 */
  constructor(private readonly versions: ReadonlyMap<string, string>) {}

  nameOf(version: string): string {
    for (const [name, known] of this.versions) {
      if (known === version) {
        return name;
      }
    }
    return CURRENT;
  }

  /** Our version of that name; undefined when the operator told none. */
  versionOf(name: string): string | undefined {
    return this.versions.get(name);
  }
}

/** The name of the model that photos are looked at with. */
export const CURRENT = '3.0';

export const MODEL_NAMES = ['2.0', '3.0'] as const;
