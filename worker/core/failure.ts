import { type Failure, internalError, overloaded } from '../errors.ts';
import { OutOfMemory } from './instance.ts';

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** What the client is told when a call into the module threw. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof OutOfMemory) return overloaded;
  const message = error instanceof Error ? String(error.cause ?? error) : String(error);
  console.error(JSON.stringify({ level: 'error', event: 'module_failed', message }));
  return internalError;
};
