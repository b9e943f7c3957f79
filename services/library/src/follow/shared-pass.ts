/** Work that many wait for and that is done once for all who came before it began. */
export class SharedPass {
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(private readonly pass: () => Promise<void>) {}

  /** Resolves when a pass that began after this call has ended; rejects when it failed. */
  run(): Promise<void> {
    if (this.next !== undefined) {
      return this.next;
    }
    if (this.running === undefined) {
      return this.begin();
    }
    this.next = this.running
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.begin();
      });
    return this.next;
  }

  /** Resolves when no pass is under way or waited for. */
  async idle(): Promise<void> {
    while (this.running !== undefined || this.next !== undefined) {
      await (this.next ?? this.running)?.catch(() => undefined);
    }
  }

  private begin(): Promise<void> {
    const running = this.pass().finally(() => {
      if (this.running === running) {
        this.running = undefined;
      }
    });
    this.running = running;
    return running;
  }
}
