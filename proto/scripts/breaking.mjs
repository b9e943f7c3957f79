// buf's breaking-change check against the newest release tag; before the first release there is nothing to break.
import { execFileSync } from 'node:child_process';

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
const releases = git('tag', '--list', 'v*', '--sort=-v:refname').split('\n').filter(Boolean);
const newest = releases[0];
if (newest === undefined) {
  console.log('buf breaking: no release yet, nothing to compare with');
} else {
  execFileSync('buf', ['breaking', '--against', `../.git#tag=${newest},subdir=proto`], { stdio: 'inherit' });
  console.log(`buf breaking: compatible with ${newest}`);
}
