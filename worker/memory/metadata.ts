import { bounds } from '../core/bounds.ts';
import { isObject } from '../core/jsonobject.ts';
import { invalid, missingField } from '../errors.ts';
import { refuse } from './refusal.ts';

const { metadataPairs, metadataNameChars, metadataValueChars } = bounds;

/** Whether a text has more characters: few of them take two units. */
const isLonger = (text: string, most: number): boolean =>
  text.length > 2 * most || (text.length > most && [...text].length > most);

const textOf = (value: unknown, field: string): string =>
  typeof value === 'string' ? value : refuse(invalid(field, 'expected a string', 'invalid_type'));

const checkPair = (name: string, value: unknown): void => {
  if (isLonger(name, metadataNameChars)) {
    const words = `expected names of at most ${metadataNameChars} characters`;
    refuse(invalid('metadata', words, 'string_above_max_length'));
  }
  const field = `metadata.${name}`;
  if (isLonger(textOf(value, field), metadataValueChars)) {
    const words = `expected at most ${metadataValueChars} characters`;
    refuse(invalid(field, words, 'string_above_max_length'));
  }
};

/** Metadata as JSON. Null is none. */
export const metadataOf = (value: unknown): string => {
  if (value === undefined || value === null) return '{}';
  if (!isObject(value)) return refuse(invalid('metadata', 'expected an object', 'invalid_type'));
  const pairs = Object.entries(value);
  if (pairs.length > metadataPairs) {
    const words = `expected at most ${metadataPairs} pairs, but got ${pairs.length}`;
    refuse(invalid('metadata', words, 'object_above_max_properties'));
  }
  for (const [name, each] of pairs) checkPair(name, each);
  return JSON.stringify(value);
};

/** What takes the place of metadata that is there: a body that has none would wipe it unasked. */
export const newMetadata = (body: Readonly<Record<string, unknown>>): string =>
  Object.hasOwn(body, 'metadata') ? metadataOf(body.metadata) : refuse(missingField('metadata'));
