import { Gender } from '@mien/proto';

/** 0 not given, 1 male, 2 female. */
const GENDERS: readonly Gender[] = [Gender.GENDER_UNSPECIFIED, Gender.GENDER_MALE, Gender.GENDER_FEMALE];

export function genderOf(code: number): Gender {
  return GENDERS[code] ?? Gender.GENDER_UNSPECIFIED;
}

export function codeOfGender(gender: Gender): number {
  return Math.max(0, GENDERS.indexOf(gender));
}
