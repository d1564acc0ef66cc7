import type { FieldViolation } from './errors.ts';
import type { ApiBackend } from './families.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { enums, oneOfs, shapes } from './shapes.ts';

const deepest = 100;

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isShallow(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => isShallow(item, levels - 1));
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** As Google's messages show a value. */
function shown(value: Json): string {
  return isObject(value) || Array.isArray(value) ? 'an object' : JSON.stringify(value);
}

/**
 * Reads JSON as Google's front end does for a protobuf message: names in camel or snake case, an
 * unknown one is an error, and all errors are collected.
 * https://protobuf.dev/programming-guides/json/
 */
export class Reader {
  readonly violations: FieldViolation[] = [];
  readonly #backend: ApiBackend;
  readonly #hidden: ReadonlySet<string>;

  /** `hidden`: fields, as `Type.name`, that the version of the message at hand doesn't have. */
  constructor(backend: ApiBackend, hidden: Iterable<string> = []) {
    this.#backend = backend;
    this.#hidden = new Set(hidden);
  }

  /** The message with its names in camel case; meaningful when there are no violations. */
  message(value: Json, type: string, path = '', depth = 0): JsonObject {
    if (!isObject(value)) {
      this.#wrong(path, this.#typeName(type), value);
      return {};
    }
    const read: JsonObject = {};
    for (const [key, item] of Object.entries(value)) {
      const name = camel(key);
      const spec = key === name || key === snake(name) ? this.#spec(type, name) : undefined;
      if (spec === undefined) this.#unknown(path, key);
      else if (Object.hasOwn(read, name))
        this.#add(path, `Field '${below(path, snake(name))}' is set twice.`);
      else if (item !== null) read[name] = this.#field(item, spec, path, key, depth);
    }
    this.#oneOf(read, type, path);
    return read;
  }

  #spec(type: string, name: string): string | undefined {
    const shape = shapes[type] ?? {};
    const spec = Object.hasOwn(shape, name) ? shape[name] : undefined;
    const [kind, backend] = spec?.split('@') ?? [];
    if (backend !== undefined && backend !== this.#backend) return undefined;
    return this.#hidden.has(`${type}.${name}`) ? undefined : kind;
  }

  #field(value: Json, spec: string, path: string, key: string, depth: number): Json {
    const place = below(path, snake(key));
    if (depth > deepest) {
      const text = `Message too deep. Max recursion depth reached for key '${key}'`;
      this.#add(path, `Invalid JSON payload received. ${text}`);
      return null;
    }
    if (spec.endsWith('[]')) return this.#list(value, spec.slice(0, -2), place, depth);
    if (spec.startsWith('map:')) return this.#map(value, spec.slice(4), place, depth);
    if (Array.isArray(value) && spec !== 'value') {
      const text = 'Proto field is not repeating, cannot start list.';
      this.#add(path, `Invalid JSON payload received. Unknown name "${key}"${at(path)}: ${text}`);
      return null;
    }
    return this.#single(value, spec, place, depth);
  }

  #list(value: Json, type: string, place: string, depth: number): Json {
    // Google takes a lone object for a list of one, as in its own examples of `parts`.
    const items = isObject(value) ? [value] : value;
    if (!Array.isArray(items)) return this.#wrong(place, this.#typeName(type), items);
    return items.map((item, index) => this.#single(item, type, `${place}[${index}]`, depth));
  }

  #map(value: Json, type: string, place: string, depth: number): Json {
    if (!isObject(value)) return this.#wrong(place, 'Map', value);
    const entries = Object.entries(value).map(([name, item], index): [string, Json] => [
      name,
      this.#single(item, type, `${place}[${index}].value`, depth),
    ]);
    return Object.fromEntries(entries);
  }

  #single(value: Json, type: string, place: string, depth: number): Json {
    if ((type === 'value' || type === 'struct') && !isShallow(value, deepest - depth)) {
      const text = 'Message too deep. Max recursion depth reached.';
      this.#add(place, `Invalid JSON payload received. ${text}`);
      return null;
    }
    if (type === 'value') return value;
    if (shapes[type]) return this.message(value, type, place, depth + 1);
    const scalar = scalars[type];
    if (scalar?.accepts(value)) return scalar.convert?.(value) ?? value;
    const name = typeof value === 'string' ? value.toUpperCase() : '';
    if (this.#namesOf(type).includes(name)) return name;
    if (type === 'bytes' && typeof value === 'string') return this.#notBase64(place, value);
    return this.#wrong(place, this.#typeName(type), value);
  }

  #namesOf(type: string): readonly string[] {
    return [...(enums[type] ?? []), ...(enums[`${type}@${this.#backend}`] ?? [])];
  }

  #typeName(type: string): string {
    return scalars[type]?.name ?? `type.googleapis.com/${this.#package()}.${type}`;
  }

  #package(): string {
    return this.#backend === 'vertex'
      ? 'google.cloud.aiplatform.v1'
      : 'google.ai.generativelanguage.v1beta';
  }

  #oneOf(read: JsonObject, type: string, path: string): void {
    const [group, ...members] = oneOfs[type] ?? [];
    const second = Object.keys(read).filter((name) => members.includes(name))[1];
    if (!second) return;
    const text = `oneof field '${group}' is already set. Cannot set '${second}'`;
    this.#add(path, `Invalid value at '${path}' (oneof), ${text}`);
  }

  #unknown(path: string, key: string): void {
    const text = `Unknown name "${key}"${at(path)}: Cannot find field.`;
    this.#add(path, `Invalid JSON payload received. ${text}`);
  }

  #wrong(place: string, type: string, value: Json): null {
    this.#add(place, `Invalid value at '${place}' (${type}), ${shown(value)}`);
    return null;
  }

  #notBase64(place: string, value: string): null {
    const start = value.length > 80 ? `${value.slice(0, 80)}…` : value;
    const text = `Invalid value at '${place}' (TYPE_BYTES), Base64 decoding failed for "${start}"`;
    this.#add(place, text);
    return null;
  }

  #add(field: string, description: string): void {
    this.violations.push({ field, description });
  }
}

function at(path: string): string {
  return path === '' ? '' : ` at '${path}'`;
}

interface Scalar {
  readonly name: string;
  readonly accepts: (value: Json) => boolean;
  readonly convert?: (value: Json) => Json;
}

function isNumeric(value: Json): boolean {
  if (typeof value === 'string') return value.trim() !== '' && Number.isFinite(Number(value));
  return typeof value === 'number';
}

function isInteger(value: Json, least: number, most: number): boolean {
  const number = Number(value);
  return isNumeric(value) && Number.isInteger(number) && number >= least && number <= most;
}

/** RFC 3339. */
function isTimestamp(value: string): boolean {
  const isForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(value);
  return isForm && !Number.isNaN(Date.parse(value));
}

/** Protobuf's JSON takes numbers as strings too, and base64 of both alphabets, padded or not. */
const scalars: Readonly<Record<string, Scalar>> = {
  struct: { name: 'type.googleapis.com/google.protobuf.Struct', accepts: isObject },
  string: { name: 'TYPE_STRING', accepts: (value) => typeof value === 'string' },
  duration: {
    name: 'type.googleapis.com/google.protobuf.Duration',
    accepts: (value) => typeof value === 'string' && /^-?\d+(?:\.\d{1,9})?s$/.test(value),
  },
  timestamp: {
    name: 'type.googleapis.com/google.protobuf.Timestamp',
    accepts: (value) => typeof value === 'string' && isTimestamp(value),
  },
  bool: { name: 'TYPE_BOOL', accepts: (value) => typeof value === 'boolean' },
  float: { name: 'TYPE_FLOAT', accepts: isNumeric, convert: Number },
  int32: {
    name: 'TYPE_INT32',
    accepts: (value) => isInteger(value, -(2 ** 31), 2 ** 31 - 1),
    convert: Number,
  },
  int64: { name: 'TYPE_INT64', accepts: (value) => isInteger(value, -(2 ** 63), 2 ** 63) },
  bytes: {
    name: 'TYPE_BYTES',
    accepts: (value) => typeof value === 'string' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value),
  },
};
