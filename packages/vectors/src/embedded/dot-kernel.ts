import { DOT_KERNEL } from '../generated/dot-kernel';

/** What dot-kernel.wat exports. */
export interface DotKernel {
  readonly memory: {
    readonly buffer: ArrayBuffer;
    /** Adds pages of 64 KiB; the buffer before is no longer valid. Throws RangeError when there is no room. */
    grow(pages: number): number;
  };
  score(
    query: number,
    rows: number,
    rowBytes: number,
    list: number,
    count: number,
    threshold: number,
    found: number,
  ): number;
}

/** The width of a row's numbers. */
export type RowWidth = keyof typeof DOT_KERNEL;

/** The part of the WebAssembly API that is needed: neither TypeScript's library nor Node's types describe it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** A kernel with a memory of its own. */
export function startKernel(width: RowWidth): DotKernel {
  const module = new WebAssembly.Module(Buffer.from(DOT_KERNEL[width], 'base64'));
  return new WebAssembly.Instance(module).exports as DotKernel;
}
