import type { Outcome } from '../build/command.ts';

/** The versions of what made the committed module, and of what is on this machine. */
export interface Toolchains {
  readonly named: readonly string[];
  readonly here: readonly string[];
}

const remedy = 'run `npm run prebuilt` and commit prebuilt/';

/**
 * Whether the committed module, or what is wrong with it, is the one that these sources compile to.
 * Another toolchain's bytes prove nothing: then the sources' hash, which was found right, has to do.
 */
export function verdictOn(
  committed: { bytes: Uint8Array } | { fault: string },
  compiled: Uint8Array,
  { named, here }: Toolchains,
): Outcome {
  if ('fault' in committed) return { code: 1, output: `${committed.fault}: ${remedy}\n` };
  if (Buffer.compare(committed.bytes, compiled) === 0) return { code: 0, output: '' };
  if (named.join() === here.join()) {
    return {
      code: 1,
      output: `prebuilt/rondo.wasm is not what its sources compile to: ${remedy}\n`,
    };
  }
  const output =
    'its bytes are not those that this machine makes, which has other tools:\n' +
    `  made with  ${named.join(', ')}\n  here       ${here.join(', ')}\n`;
  return { code: 0, output };
}
