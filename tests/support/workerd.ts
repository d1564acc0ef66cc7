// What workerd has and Node has not, so that worker/core runs in a test process.
import { timingSafeEqual } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, vi } from 'vitest';

async function readAtLeast(
  this: ReadableStreamBYOBReader,
  min: number,
  view: Uint8Array,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  const { byteOffset: begin, length } = view;
  let read = await this.read(view);
  let filled = read.value?.length ?? 0;
  while (!read.done && filled < min) {
    const { buffer } = read.value;
    read = await this.read(new Uint8Array(buffer, begin + filled, length - filled));
    filled += read.value?.length ?? 0;
  }
  if (!read.value || filled === 0) return read;
  return { done: false, value: new Uint8Array(read.value.buffer, begin, filled) };
}

/** Call at the top of a file. Console lines are swallowed and can be looked at as `console`'s mocks. */
export function standInForWorkerd(): void {
  beforeEach(() => {
    vi.stubGlobal('IdentityTransformStream', TransformStream);
    vi.stubGlobal('scheduler', {
      wait: (ms: number, options?: object) => setTimeout(ms, undefined, options),
    });
    Object.assign(ReadableStreamBYOBReader.prototype, { readAtLeast });
    Object.assign(crypto.subtle, { timingSafeEqual });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) {
      vi.spyOn(console, level).mockImplementation(() => {});
    }
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
}
