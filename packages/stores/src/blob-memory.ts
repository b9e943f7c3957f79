/** The blobs last kept, as many as fit; the longest unused goes first. */
export class BlobMemory {
  private readonly blobs = new Map<string, Buffer>();
  private held = 0;

  constructor(private readonly maxBytes: number) {}

  /** Keeps a reference, not a copy. One blob never takes more than a quarter of the memory. */
  keep(key: string, bytes: Uint8Array): void {
    this.forget(key);
    if (bytes.byteLength > this.maxBytes / 4) {
      return;
    }
    this.blobs.set(key, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.held += bytes.byteLength;
    for (const oldest of this.blobs.keys()) {
      if (this.held <= this.maxBytes) {
        break;
      }
      this.forget(oldest);
    }
  }

  find(key: string): Buffer | undefined {
    const bytes = this.blobs.get(key);
    if (bytes !== undefined) {
      this.blobs.delete(key);
      this.blobs.set(key, bytes);
    }
    return bytes;
  }

  forget(key: string): void {
    this.held -= this.blobs.get(key)?.byteLength ?? 0;
    this.blobs.delete(key);
  }
}
