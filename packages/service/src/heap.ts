import { setFlagsFromString } from 'node:v8';

/** How much the heap may grow between two full collections, in percent of what was in use after the last. */
const HEAP_GROWTH_PERCENT = 200;

/**
 * Lets the garbage collector look at the whole heap less often. Pixels lie outside the heap, but V8 counts them
 * towards its growth: left to itself it grants some 24 MB, which is one photo, and then marks every object of the
 * process again, tens of milliseconds for each photo. For the start of a process; holds for its threads as well.
 */
export function letHeapGrow(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
}
