import { Gender, UniquenessControl } from '@mien/proto';
import { Option } from 'commander';

const GENDERS: Readonly<Record<string, Gender>> = {
  unknown: Gender.GENDER_UNSPECIFIED,
  female: Gender.GENDER_FEMALE,
  male: Gender.GENDER_MALE,
};

const UNIQUENESS_CONTROLS: Readonly<Record<string, UniquenessControl>> = {
  none: UniquenessControl.UNIQUENESS_CONTROL_UNSPECIFIED,
  low: UniquenessControl.UNIQUENESS_CONTROL_LOW,
  medium: UniquenessControl.UNIQUENESS_CONTROL_MEDIUM,
  high: UniquenessControl.UNIQUENESS_CONTROL_HIGH,
  'very-high': UniquenessControl.UNIQUENESS_CONTROL_VERY_HIGH,
};

export function genderOption(): Option {
  return new Option('--gender <gender>', 'of the person').choices(Object.keys(GENDERS));
}

/** What was chosen, as requests say it; undefined when nothing was. */
export function chosenGender(name: string | undefined): Gender | undefined {
  return name === undefined ? undefined : GENDERS[name];
}

export function uniquenessOption(): Option {
  const about =
    'enrol nobody who resembles somebody of the group: by false-accept rate, 1e-2 (low) to 1e-5 (very-high)';
  return new Option('--uniqueness <level>', about).choices(Object.keys(UNIQUENESS_CONTROLS)).default('none');
}

export function chosenUniqueness(name: string): UniquenessControl {
  return UNIQUENESS_CONTROLS[name] ?? UniquenessControl.UNIQUENESS_CONTROL_UNSPECIFIED;
}

export function qualityOption(): Option {
  return new Option('--quality-control <level>', 'least quality of faces: 0 none .. 4 very high')
    .choices(['0', '1', '2', '3', '4'])
    .default('0');
}
