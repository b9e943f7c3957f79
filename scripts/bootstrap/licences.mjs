/** Licences that production code may stand on: those that ask for no more than to be named. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

/** libvips, which sharp loads as a shared library of its own: the LGPL asks for nothing more. */
const LINKED = { licence: 'LGPL-3.0-or-later', name: /^@img\/sharp-/ };

/** Those of the packages whose licence is not allowed. */
export function forbiddenLicences(packages) {
  return packages.filter(({ name, license }) => !isAllowed(name, license));
}

/** Reads the simple SPDX expressions that packages have: alternatives, or several at once. */
function isAllowed(name, expression) {
  const parts = expression.replace(/[()]/g, '');
  return parts
    .split(' OR ')
    .some((alternative) =>
      alternative
        .split(' AND ')
        .every((licence) => ALLOWED.has(licence) || (licence === LINKED.licence && LINKED.name.test(name))),
    );
}
