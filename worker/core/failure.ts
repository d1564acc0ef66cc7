import { type Failure, internalError, overloaded } from '../errors.ts';
import { OutOfMemory } from './instance.ts';
import type { Log } from './log.ts';

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** What the client is told when a call into the module threw. */
export const failureOf = (error: unknown, log: Log): Failure => {
  if (error instanceof OutOfMemory) return overloaded;
  const message = error instanceof Error ? String(error.cause ?? error) : String(error);
  log.error('module_failed', { message });
  return internalError;
};
