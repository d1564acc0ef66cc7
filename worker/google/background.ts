// Interactions that run on when they have been answered. What they cost is told by a later look at
// them, if anybody takes one: to a client with a limit of tokens they would be free.
import { bounds } from '../core/bounds.ts';
import { countMembers, extentOf } from '../core/extent.ts';
import type { HeldBody } from '../core/heldbody.ts';
import { costLater, costUnseen, type Failure } from '../errors.ts';
import type { NativeRoute } from './address.ts';

const { heldBodyBytes, jsonLevels, jsonValues } = bounds;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** The body as JSON of the standard: Google's readers take more, in which a member could hide. */
const fieldsOf = (bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined => {
  const { levels, values } = extentOf(bytes);
  if (levels > jsonLevels || values > jsonValues) return undefined;
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

const faultOf = (bytes: Uint8Array): Failure | undefined => {
  const fields = fieldsOf(bytes);
  if (!fields) return costUnseen(`expected a JSON object of at most ${jsonValues} values`);
  const count = countMembers(bytes, 'background');
  const isOff = count === 1 && (fields.background === false || fields.background === null);
  return count === 0 || isOff ? undefined : costLater;
};

/** Whether a request to these paths may have something run in the background. */
export const mayRunOn = ({ params, takesBody }: NativeRoute): boolean =>
  takesBody === 'held body' && /^interactions(?:[/:]|$)/.test(params.path ?? '');

/** What is wrong with its body, if anything is. */
export const backgroundFault =
  ({ headers }: Pick<Request, 'headers'>) =>
  ({ bytes }: HeldBody): Failure | undefined => {
    if (!bytes) return costUnseen(`expected at most ${heldBodyBytes} bytes`);
    if (bytes.length === 0) return undefined;
    const encoding = headers.get('content-encoding') ?? 'identity';
    if (encoding !== 'identity') return costUnseen('expected it uncompressed');
    return faultOf(bytes);
  };
