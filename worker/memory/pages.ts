// Lists in pages, as OpenAI's SDKs walk through them.
import { bounds } from '../core/bounds.ts';
import { valuesIn } from '../core/extent.ts';
import { invalid } from '../errors.ts';
import type { Order } from '../store/entries.ts';
import { refuse } from './refusal.ts';

export interface Paging {
  readonly after: string | undefined;
  readonly limit: number;
  readonly order: Order;
}

const usualLimit = 20;

/** `after`, `limit` and `order` of the address, or a refusal. `order` is what holds when it says nothing. */
export const readPaging = (query: URLSearchParams, order: Order): Paging => {
  const limit = query.get('limit') ?? String(usualLimit);
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > bounds.storePage) {
    const words = `expected a whole number from 1 to ${bounds.storePage}`;
    return refuse(invalid('limit', words, 'invalid_value'));
  }
  const asked = query.get('order') ?? order;
  if (asked !== 'asc' && asked !== 'desc') {
    return refuse(invalid('order', "supported values are 'asc' and 'desc'", 'invalid_value'));
  }
  return { after: query.get('after') ?? undefined, limit: Number(limit), order: asked };
};

export interface Listed {
  readonly id: string;
}

/** One of a list, before it is taken apart to be told. */
export interface Kept extends Listed {
  readonly json: string;
  show(): Listed;
}

export interface Page {
  readonly object: 'list';
  readonly data: readonly Listed[];
  readonly first_id: string | null;
  readonly last_id: string | null;
  readonly has_more: boolean;
}

export const pageOf = (data: readonly Listed[], hasMore: boolean): Page => ({
  object: 'list',
  data,
  first_id: data[0]?.id ?? null,
  last_id: data.at(-1)?.id ?? null,
  has_more: hasMore,
});

/** The first of them, and as many more as are of so many values together. */
const upToValues = (kept: readonly Kept[]): readonly Kept[] => {
  let values = 0;
  const end = kept.findIndex(({ json }, place) => {
    values += valuesIn(json);
    return place > 0 && values > bounds.jsonValues;
  });
  return end < 0 ? kept : kept.slice(0, end);
};

/** A page of all that there is, oldest first. Refuses an `after` that names none of it. */
export const paged = (all: readonly Kept[], { after, limit, order }: Paging): Page => {
  const ordered = order === 'asc' ? all : all.toReversed();
  const place = after === undefined ? -1 : ordered.findIndex(({ id }) => id === after);
  if (after !== undefined && place < 0) {
    return refuse(
      invalid('after', `no item of this list has the id '${after.slice(0, 100)}'`, 'invalid_value'),
    );
  }
  const rest = ordered.slice(place + 1);
  const page = upToValues(rest.slice(0, limit));
  return pageOf(
    page.map((each) => each.show()),
    page.length < rest.length,
  );
};
