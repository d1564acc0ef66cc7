// What is written of whoever holds a client key, in a variable or in KV.
import type { Client } from '../core/abi.ts';
import { bounds } from '../core/bounds.ts';
import { isObject } from '../core/jsonobject.ts';
import { type Limits, limitNames } from '../limits/tally.ts';

/** A client, and what bounds the use of its key. */
export interface Holder extends Client {
  /** Milliseconds since 1970 from which on the key is good for nothing. */
  readonly expires?: number;
  readonly limits?: Limits;
}

/** What is written otherwise than it should be. Never quotes a key. */
export class Fault extends Error {}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '';

/** Fields that say who somebody is, beside the key. */
export const holderFields = ['name', 'models', 'stored', 'expires', 'limits'] as const;
export type HolderFields = Partial<Record<(typeof holderFields)[number], unknown>>;

const { clientNameChars } = bounds;

const nameOf = (name: unknown): string | undefined => {
  if (name !== undefined && !isText(name)) throw new Fault('has a "name" that is not a text');
  if (name && name.length > clientNameChars) {
    throw new Fault(`has a "name" of more than ${clientNameChars} characters`);
  }
  return name;
};

const modelsOf = (models: unknown): Pick<Client, 'models'> => {
  if (models === undefined) return {};
  if (!Array.isArray(models) || models.length === 0 || !models.every(isText)) {
    throw new Fault('has "models" that are not a list of texts');
  }
  return { models: models.map((model) => model.trim()) };
};

const storedOf = (stored: unknown): Pick<Client, 'stored'> => {
  if (stored === undefined) return {};
  if (typeof stored === 'boolean') return { stored };
  throw new Fault('has a "stored" that is neither true nor false');
};

const date =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2}))?$/;
const dayMs = 24 * 60 * 60 * 1000;

/** The moment after which a key is good for nothing: a date's is its end, in UTC. */
const expiryOf = (text: string): number => {
  const [, year, month, day] = date.exec(text) ?? [];
  if (year === undefined) return Number.NaN;
  // What `Date` reads as a day of the next month is none.
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const isDay = new Date(midnight).toISOString().startsWith(`${year}-${month}-${day}`);
  if (!isDay) return Number.NaN;
  return text.length === 10 ? midnight + dayMs : Date.parse(text.toUpperCase());
};

const expiresOf = (expires: unknown): Pick<Holder, 'expires'> => {
  if (expires === undefined) return {};
  const moment = typeof expires === 'string' ? expiryOf(expires) : Number.NaN;
  if (Number.isFinite(moment)) return { expires: moment };
  throw new Fault('has an "expires" that is no date of RFC 3339, such as 2027-01-31');
};

const isLimit = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) > 0;

const limitsOf = (limits: unknown): Pick<Holder, 'limits'> => {
  if (limits === undefined) return {};
  const names: readonly string[] = limitNames;
  if (!isObject(limits) || !Object.keys(limits).every((name) => names.includes(name))) {
    throw new Fault(`has "limits" that are not an object with some of ${names.join(', ')}`);
  }
  if (!Object.values(limits).every(isLimit)) {
    throw new Fault('has a limit that is not a whole number above 0');
  }
  return Object.keys(limits).length > 0 ? { limits: limits as Limits } : {};
};

/** Whom the fields tell of; `otherwise` is the name of one without. Throws a Fault. */
export const holderOf = (fields: HolderFields, otherwise: string): Holder => ({
  name: nameOf(fields.name) ?? otherwise,
  ...modelsOf(fields.models),
  ...storedOf(fields.stored),
  ...expiresOf(fields.expires),
  ...limitsOf(fields.limits),
});

/** What the module is told of a holder. */
export const clientOf = ({ name, models, stored }: Holder): Client => ({
  name,
  ...(models && { models }),
  ...(stored !== undefined && { stored }),
});
