import { isObject, type Json, type JsonObject, numberIn, objectIn, stringsIn } from './json.ts';

const formats: Readonly<Record<string, string>> = {
  'date-time': '2026-01-02T03:04:05Z',
  date: '2026-01-02',
  time: '03:04:05Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

const deep = 6;
const tooDeep = 32;

/** A small value that obeys a schema of either kind: Google's Schema or JSON Schema. */
export function instanceOf(schema: Json, root: Json = schema, depth = 0): Json {
  if (!isObject(schema) || depth > tooDeep) return isObject(schema) ? null : 'anything';
  const next = (inner: Json): Json => instanceOf(inner, root, depth + 1);
  if (typeof schema.$ref === 'string') return next(resolve(schema.$ref, root));
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum[0] !== undefined) return schema.enum[0];
  const branches = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(branches)) return next(branchOf(branches, depth));
  if (Array.isArray(schema.allOf)) return merged(schema.allOf.map(next));
  return plainInstance(schema, next, depth);
}

function plainInstance(schema: JsonObject, next: (inner: Json) => Json, depth: number): Json {
  switch (typeOf(schema)) {
    case 'object':
      return objectInstance(schema, next);
    case 'array':
      return arrayInstance(schema, next, depth);
    case 'string':
      return stringInstance(schema);
    case 'integer':
    case 'number':
      return numberIn(schema, 'minimum') ?? Math.min(1, numberIn(schema, 'maximum') ?? 1);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function typeOf(schema: JsonObject): string {
  const { type } = schema;
  const types = Array.isArray(type) ? type : [type];
  const named = types.find((item) => typeof item === 'string' && item.toLowerCase() !== 'null');
  if (typeof named === 'string') return named.toLowerCase();
  if (types.includes('null') || types.includes('NULL')) return 'null';
  if (schema.properties !== undefined) return 'object';
  return schema.items === undefined ? 'string' : 'array';
}

function objectInstance(schema: JsonObject, next: (inner: Json) => Json): JsonObject {
  const properties = objectIn(schema, 'properties') ?? {};
  const required = Array.isArray(schema.required)
    ? stringsIn(schema, 'required')
    : Object.keys(properties);
  const members = required.map((name): [string, Json] => [name, next(properties[name] ?? true)]);
  return Object.fromEntries(members);
}

function arrayInstance(schema: JsonObject, next: (inner: Json) => Json, depth: number): Json[] {
  if (Array.isArray(schema.prefixItems)) return schema.prefixItems.map(next);
  // Google's Schema writes int64 as strings.
  const length = Number(schema.minItems ?? (depth > deep ? 0 : 1));
  return Array.from({ length }, () => next(schema.items ?? true));
}

function stringInstance(schema: JsonObject): string {
  const { format } = schema;
  const text = (typeof format === 'string' ? formats[format] : undefined) ?? 'text';
  const most = schema.maxLength === undefined ? Infinity : Number(schema.maxLength);
  return text.padEnd(Number(schema.minLength ?? 0), 'x').slice(0, most);
}

function branchOf(branches: Json[], depth: number): Json {
  const isNull = (branch: Json): boolean => isObject(branch) && typeOf(branch) === 'null';
  const shallow = depth > deep ? branches.find(isNull) : undefined;
  return shallow ?? branches.find((branch) => !isNull(branch)) ?? null;
}

function merged(values: Json[]): Json {
  return Object.assign({}, ...values.filter(isObject));
}

/** A local JSON pointer: https://datatracker.ietf.org/doc/html/rfc6901 */
export function resolve(reference: string, root: Json): Json {
  const steps = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  let value: Json | undefined = root;
  for (const step of steps) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    value = isObject(value) ? value[name] : undefined;
  }
  return value ?? null;
}
