import type { Asks, StoreName, Tells } from './abi.ts';
import type { Frame } from './frame.ts';

/** A binding that the module speaks to in frames. */
export interface Store<Name extends StoreName> {
  /**
   * The answer, null for None. Fails when it takes too long. `isWanted` tells whether somebody
   * still waits for it.
   */
  ask(frame: Frame<Asks[Name]>, isWanted: () => boolean): Promise<Uint8Array | null>;

  /** What is asked with op 0, and wants no answer. */
  tell(frame: Frame<Tells[Name]>): Promise<void>;
}

/** What a request speaks to: nothing where it is not bound. */
export type Stores = { readonly [Name in StoreName]: Store<Name> | undefined };

/** What `work` gives; a failure that names `what` when it takes longer than `ms`. */
export const within = async <T>(ms: number, what: string, work: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`${what} has not answered for ${ms / 1000} s.`)),
    ms,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};
