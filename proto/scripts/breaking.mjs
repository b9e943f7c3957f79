// buf's breaking-change check against the contract of every release that is kept in releases/: node scripts/breaking.mjs
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

for (const release of readdirSync('releases').sort()) {
  execFileSync('buf', ['breaking', '--against', `releases/${release}`], { stdio: 'inherit' });
  console.log(`buf breaking: compatible with ${release.replace('.binpb', '')}`);
}
