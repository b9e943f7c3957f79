/** Lets those who name the same key go one after the other, in the order of their coming, within this process. */
export class Turns {
  private readonly last = new Map<string, Promise<void>>();

  /** Does the work once all earlier work of the key has ended, well or not. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key) ?? Promise.resolve();
    const result = before.then(work);
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.last.set(key, ended);
    try {
      return await result;
    } finally {
      if (this.last.get(key) === ended) {
        this.last.delete(key);
      }
    }
  }
}
