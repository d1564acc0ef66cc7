// Items as clients see them in lists: with a name, and messages in their long form.
import { inputId } from './ids.ts';

export type Item = Readonly<Record<string, unknown>> & { readonly id: string };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const objectOf = (json: string): Record<string, unknown> => {
  const value: unknown = JSON.parse(json);
  return isObject(value) ? { ...value } : {};
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const typeOf = ({ type }: Record<string, unknown>): string => (isText(type) ? type : 'message');

/** An item's name: its own, or that of its place. */
export const itemId = (json: string, seed: string, place: number): string => {
  const item = objectOf(json);
  return isText(item.id) ? item.id : inputId(typeOf(item), seed, place);
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

/** The item at that place among those that came with it, in the long form. */
export const shownItem = (json: string, seed: string, place: number): Item => {
  const item = objectOf(json);
  const type = typeOf(item);
  const id = isText(item.id) ? item.id : inputId(type, seed, place);
  const shown = { ...item, id, type };
  if (!withStatus.has(type)) return shown;
  const status = item.status ?? 'completed';
  return { ...shown, status, ...(type === 'message' && { content: contentOf(item) }) };
};
