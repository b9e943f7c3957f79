import { Presets, SingleBar } from 'cli-progress';
import { durationText } from './moment';
import { RateMeter } from './rate-meter';

/** A bar on standard error; undefined where that is no terminal. */
export function progressBar(total: number, noun: string): SingleBar | undefined {
  return startedBar(`{bar} {value}/{total} ${noun}, {eta_formatted} left`, total);
}

/** A bar with the rate and the remaining time, on standard error; nothing where that is no terminal. */
export class RateBar {
  private readonly meter = new RateMeter();
  private readonly bar: SingleBar | undefined;
  private done = 0;
  private skipped = 0;
  private note = '';

  constructor(
    private readonly total: number,
    noun: string,
  ) {
    this.bar = startedBar(`{bar} {value}/{total} ${noun}{text}`, total, this.payload());
  }

  /** So many more are done. Ends a remark. */
  advance(count: number): void {
    this.note = '';
    this.done += count;
    this.meter.reached(this.done);
    this.show();
  }

  /** So many more were done before: they tell nothing of the rate. */
  skip(count: number): void {
    this.skipped += count;
    this.show();
  }

  /** What is said behind the times. */
  remark(note: string): void {
    this.note = note;
    this.show();
  }

  stop(): void {
    this.bar?.stop();
  }

  private show(): void {
    this.bar?.update(this.done + this.skipped, this.payload());
  }

  private payload(): { text: string } {
    const rate = this.meter.perSecond();
    const left = this.total - this.done - this.skipped;
    const times =
      rate === undefined || left <= 0 ? '' : `, ${rate.toFixed(1)}/s, ${durationText(left / rate)} left`;
    return { text: this.note === '' ? times : `${times} (${this.note})` };
  }
}

function startedBar(format: string, total: number, payload: object = {}): SingleBar | undefined {
  if (!process.stderr.isTTY) {
    return undefined;
  }
  const bar = new SingleBar({ format, stream: process.stderr, barsize: 30 }, Presets.shades_classic);
  bar.start(total, 0, payload);
  return bar;
}
