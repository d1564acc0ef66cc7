// Items as clients see them in lists: with a name, and messages in their long form.
import { bounds } from '../core/bounds.ts';
import { valuesIn } from '../core/extent.ts';
import { isObject } from '../core/jsonobject.ts';
import { inputId } from './ids.ts';
import type { Kept } from './pages.ts';
import { isThere } from './records.ts';

export type Item = Readonly<Record<string, unknown>> & { readonly id: string };

/** What stands in the place of one that would take too much memory. */
const tooMuch = { type: 'too_many_values' } as const;

/** No text has more values than letters, and few are long enough to be counted. */
const hasTooMany = (json: string): boolean =>
  json.length > bounds.jsonValues && valuesIn(json) > bounds.jsonValues;

/** A kept item's fields. */
export const objectOf = (json: string): Record<string, unknown> => {
  if (hasTooMany(json)) return tooMuch;
  const value: unknown = JSON.parse(json);
  return isObject(value) ? { ...value } : {};
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const typeOf = ({ type }: Record<string, unknown>): string => (isText(type) ? type : 'message');

interface Names {
  /** Its own, or else that of its place. */
  readonly own: string;
  readonly ofPlace: string;
}

const namesOf = (json: string, seed: string, place: number): Names => {
  const item = objectOf(json);
  const ofPlace = inputId(typeOf(item), seed, place);
  return { own: isText(item.id) ? item.id : ofPlace, ofPlace };
};

/** A part of a message with what clients may leave out and find in lists. */
const shownPart = (part: unknown): unknown => {
  if (!isObject(part)) return part;
  if (part.type === 'input_image') return { detail: 'auto', ...part };
  if (part.type === 'output_text') return { annotations: [], ...part };
  return part;
};

const contentOf = ({ role, content }: Record<string, unknown>): unknown => {
  if (Array.isArray(content)) return content.map(shownPart);
  if (typeof content !== 'string') return content ?? [];
  return role === 'assistant'
    ? [{ type: 'output_text', text: content, annotations: [] }]
    : [{ type: 'input_text', text: content }];
};

/** Those that always tell how far they are. Whatever a client brings is done. */
const withStatus: ReadonlySet<string> = new Set([
  'message',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
]);

/** An item in the long form, by the name that it has in its list. */
const shownItem = (json: string, id: string): Item => {
  const item = objectOf(json);
  const type = typeOf(item);
  const shown = { ...item, id, type };
  if (!withStatus.has(type)) return shown;
  const status = item.status ?? 'completed';
  return { ...shown, status, ...(type === 'message' && { content: contentOf(item) }) };
};

/** Items that came together, and the seed of their names. */
export interface Turn {
  readonly seed: string;
  readonly items: readonly string[];
}

/** Where an item is kept. */
export interface KeptItem extends Kept {
  readonly seed: string;
  readonly place: number;
}

/**
 * The items of turns, those left out that were deleted since. Pages are walked through by names, so an
 * item that comes again has the name of its place there.
 */
export const keptItems = (turns: readonly Turn[]): KeptItem[] => {
  const names = new Set<string>();
  return turns.flatMap(({ seed, items }) =>
    items.flatMap((json, place) => {
      if (!isThere(json)) return [];
      const { own, ofPlace } = namesOf(json, seed, place);
      const id = names.has(own) ? ofPlace : own;
      names.add(id);
      return [{ id, json, seed, place, show: () => shownItem(json, id) }];
    }),
  );
};

/** The same by each name that lists have told of them. */
export const itemsByName = (turns: readonly Turn[]): ReadonlyMap<string, string> => {
  const named = new Map<string, string>();
  for (const { seed, items } of turns) {
    for (const [place, json] of items.entries()) {
      if (!isThere(json)) continue;
      const { own, ofPlace } = namesOf(json, seed, place);
      named.set(ofPlace, json);
      if (!named.has(own)) named.set(own, json);
    }
  }
  return named;
};
