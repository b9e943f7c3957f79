import { invalid } from '../naming';
import { squaredNorm } from './vector';

/**
 * One template for all of a person's faces: the mean of the templates, each of length 1, itself made of length 1.
 * Every face counts alike, whatever length its template came with. Templates that cancel each other out, which no
 * faces of one person do, and templates of different lengths give ARGUMENT_INVALID.
 */
export function fuseTemplates(templates: readonly Float32Array[]): Float32Array {
  const length = templates[0]?.length ?? 0;
  const sum = new Float64Array(length);
  for (const template of templates) {
    if (template.length !== length) {
      throw invalid('templates', 'templates of one length are needed');
    }
    const norm = Math.sqrt(squaredNorm(template));
    template.forEach((value, index) => {
      sum[index] = (sum[index] ?? 0) + value / norm;
    });
  }
  const norm = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
  if (!Number.isFinite(norm) || norm < 1e-9) {
    throw invalid('templates', 'there is no direction between the templates');
  }
  return Float32Array.from(sum, (value) => value / norm);
}
