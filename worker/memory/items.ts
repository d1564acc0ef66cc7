// Items as clients see them in lists: with a name, and messages in their long form.
import { inputId } from './ids.ts';

export type Item = Readonly<Record<string, unknown>> & { readonly id: string };

const objectOf = (json: string): Record<string, unknown> => {
  const value: unknown = JSON.parse(json);
  return typeof value === 'object' && value !== null ? { ...value } : {};
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const typeOf = ({ type }: Record<string, unknown>): string => (isText(type) ? type : 'message');

/** An item's name: its own, or that of its place. */
export const itemId = (json: string, seed: string, place: number): string => {
  const item = objectOf(json);
  return isText(item.id) ? item.id : inputId(typeOf(item), seed, place);
};

const contentOf = ({ role, content }: Record<string, unknown>): unknown => {
  if (typeof content !== 'string') return content ?? [];
  return role === 'assistant'
    ? [{ type: 'output_text', text: content, annotations: [] }]
    : [{ type: 'input_text', text: content }];
};

/** The item at that place among those that came with it, in the long form. */
export const shownItem = (json: string, seed: string, place: number): Item => {
  const item = objectOf(json);
  const type = typeOf(item);
  const id = isText(item.id) ? item.id : inputId(type, seed, place);
  const shown = { ...item, id, type };
  if (type !== 'message') return shown;
  return { ...shown, status: item.status ?? 'completed', content: contentOf(item) };
};
