import { bounds } from '../core/bounds.ts';
import { type Failure, invalid } from '../errors.ts';

const { metadataPairs, metadataNameChars, metadataValueChars } = bounds;

export type Metadata = Readonly<Record<string, string>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with a value as metadata, if anything is. Null is none. */
export const metadataFault = (value: unknown): Failure | undefined => {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) return invalid('metadata', 'expected an object', 'invalid_type');
  const pairs = Object.entries(value);
  if (pairs.length > metadataPairs) {
    const words = `expected at most ${metadataPairs} pairs, but got ${pairs.length}`;
    return invalid('metadata', words, 'object_above_max_properties');
  }
  for (const [name, text] of pairs) {
    if (name.length > metadataNameChars) {
      const words = `expected names of at most ${metadataNameChars} characters`;
      return invalid('metadata', words, 'string_above_max_length');
    }
    const field = `metadata.${name}`;
    if (typeof text !== 'string') return invalid(field, 'expected a string', 'invalid_type');
    if (text.length > metadataValueChars) {
      const words = `expected at most ${metadataValueChars} characters`;
      return invalid(field, words, 'string_above_max_length');
    }
  }
  return undefined;
};
