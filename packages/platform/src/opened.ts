type Close = () => Promise<unknown>;

/** What was opened, one on the other: closed from the last to the first. */
export class Opened {
  private readonly closes: Close[] = [];

  push(close: Close): void {
    this.closes.push(close);
  }

  /** Closes everything even when some of it fails to; throws the first failure then. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.closes.splice(0).reverse()) {
      await close().catch((failure: unknown) => failures.push(failure));
    }
    if (failures.length > 0) {
      throw failures[0];
    }
  }
}

/** Runs what opens things; when it fails, closes those that are open and throws what it failed with. */
export async function closedOnFailure<T>(open: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = new Opened();
  try {
    return await open(opened);
  } catch (error) {
    await opened.close().catch(() => undefined);
    throw error;
  }
}
