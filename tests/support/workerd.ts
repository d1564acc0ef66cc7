// What workerd has and Node has not, so that worker/core runs in a test process.
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, vi } from 'vitest';

/** Call at the top of a file. Console lines are swallowed and can be looked at as `console`'s mocks. */
export function standInForWorkerd(): void {
  beforeEach(() => {
    vi.stubGlobal('IdentityTransformStream', TransformStream);
    vi.stubGlobal('scheduler', {
      wait: (ms: number, options?: object) => setTimeout(ms, undefined, options),
    });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) {
      vi.spyOn(console, level).mockImplementation(() => {});
    }
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
}
