import { MienError } from '@mien/errors';

/** How much the library may hold. The defaults are those of large public services. */
export interface LibraryLimits {
  readonly groups: number;
  /** In the whole library. */
  readonly faces: number;
  readonly facesPerGroup: number;
  /** 1..20. */
  readonly facesPerPerson: number;
  readonly groupsPerPerson: number;
  /** Own fields of a group. */
  readonly fieldsPerGroup: number;
}

export const DEFAULT_LIMITS: LibraryLimits = {
  groups: 100_000,
  faces: 50_000_000,
  facesPerGroup: 3_000_000,
  facesPerPerson: 5,
  groupsPerPerson: 100,
  fieldsPerGroup: 5,
};

/** Beyond this a person's faces, read whole for every member of a page, would make lists slow. */
const MOST_FACES_PER_PERSON = 20;

/** The limits with the defaults where none are given. Throws CONFIGURATION_INVALID for what can't be a limit. */
export function limitsWith(given: Partial<LibraryLimits>): LibraryLimits {
  const limits = { ...DEFAULT_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) {
    const most = name === 'facesPerPerson' ? MOST_FACES_PER_PERSON : Number.MAX_SAFE_INTEGER;
    if (!Number.isSafeInteger(value) || value < 1 || value > most) {
      throw new MienError('CONFIGURATION_INVALID', `the limit ${name} must be a whole number, 1..${most}`);
    }
  }
  return limits;
}

/** The refusal of what would make `limit` be passed. */
export function limitReached(limits: LibraryLimits, limit: keyof LibraryLimits): MienError {
  return new MienError('LIMIT_REACHED', `${SENTENCE[limit]} (at most ${limits[limit]})`, {
    metadata: { limit, maximum: String(limits[limit]) },
  });
}

const SENTENCE: Readonly<Record<keyof LibraryLimits, string>> = {
  groups: 'the library holds no more groups',
  faces: 'the library holds no more faces',
  facesPerGroup: 'the group holds no more faces',
  facesPerPerson: 'the person holds no more faces',
  groupsPerPerson: 'the person can be in no more groups',
  fieldsPerGroup: 'the group has no more fields of its own',
};
