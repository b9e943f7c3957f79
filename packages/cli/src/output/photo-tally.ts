import type { JobResult } from '@mien/sdk';
import { durationText } from './moment';
import { textTable } from './table';
import { counted } from './word';

/** As many photos of a reason as fit; the results have all. */
const MOST_EXAMPLES = 3;

/** Counts what came of photos, and keeps examples of each reason for a refusal. */
export class PhotoTally {
  private answered = 0;
  private readonly refusals = new Map<string, { count: number; examples: string[] }>();

  add({ name, result }: JobResult): void {
    if (result?.$case === 'refusal') {
      this.refuse(name, result.value.reason);
    } else if (result?.$case === 'enrol' && result.value.similar !== undefined) {
      // The job takes it for answered: nobody was enrolled all the same.
      this.answered--;
      this.refuse(name, 'resembles somebody');
    } else if (result?.$case === 'cluster') {
      for (const { photo, refusal } of result.value.refused) {
        this.refuse(photo, refusal?.reason ?? '');
      }
    }
  }

  /** Photos that nothing is to be said of. */
  addAnswered(count: number): void {
    this.answered += count;
  }

  refuse(photo: string, reason: string): void {
    const known = this.refusals.get(reason) ?? { count: 0, examples: [] };
    known.count++;
    if (known.examples.length < MOST_EXAMPLES) {
      known.examples.push(photo);
    }
    this.refusals.set(reason, known);
  }

  get refused(): number {
    return [...this.refusals.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** `998 photos answered, 2 refused, in 40 s (25.0/s)`, and a table of the reasons; without the time when it took none. */
  text(seconds: number): string {
    const all = this.answered + this.refused;
    const time = seconds > 0 ? `, in ${durationText(seconds)} (${(all / seconds).toFixed(1)}/s)` : '';
    const line = `${counted(this.answered, 'photo')} answered, ${this.refused} refused${time}`;
    if (this.refusals.size === 0) {
      return line;
    }
    const rows = [...this.refusals.entries()].sort(([, a], [, b]) => b.count - a.count);
    return `${line}\n${textTable(
      ['refused', 'photos', 'such as'],
      rows.map(([reason, { count, examples }]) => [reason, String(count), examples.join('\n')]),
    )}`;
  }
}
