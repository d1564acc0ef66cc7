import { isObject, type Json, type JsonObject, objectIn, objectsIn, stringsIn } from './json.ts';

/**
 * What Google says of a JSON Schema, as users of other gateways were answered. It names a place in
 * the schema, `top-level` for its root, but neither the field that the schema came in nor the tool.
 */
const words = {
  required: (place: string, name: string) =>
    `schema at ${place} requires unspecified property '${name}'`,
  reference: (place: string) => `reference to undefined schema at ${place}`,
  sibling: (reference: string) =>
    `\`$ref\` '${reference}' was set alongside unsupported fields. If a schema node has \`$ref\` ` +
    'set, then only `description` and `default` can be set alongside it.',
  loop: (place: string) =>
    'ref loops are only supported if they include optional or nullable property values, or a ' +
    'potentially-zero-length array items, but a ref loop of required fields was found at ' +
    `${place}`,
  // Quoted of `properties` alone; the others are said alike.
  shape: (keyword: string, place: string, shape: string) =>
    `value for ${keyword} at ${place} must be ${shape}`,
  schema: (place: string) => `schema at ${place} must be an object`,
};

/** Deeper ones are refused. Google names no figure. */
export const deepestSchema = 32;

const listKeys = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const mapKeys = ['properties', '$defs', 'definitions', 'patternProperties', 'dependentSchemas'];
const singleKeys = ['items', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'];
const jsonTypes = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

type Shape = readonly [keyword: string, shape: string, fits: (value: Json) => boolean];

const isList = (value: Json): value is Json[] => Array.isArray(value) && value.length > 0;
const isText = (value: Json): boolean => typeof value === 'string';
const isScalar = (value: Json): boolean => isText(value) || typeof value === 'number';
const isType = (value: Json): boolean => typeof value === 'string' && jsonTypes.includes(value);

const shapes: readonly Shape[] = [
  ['type', 'a type', (value) => isType(value) || (isList(value) && value.every(isType))],
  ...mapKeys.map((key): Shape => [key, 'an object', isObject]),
  ...singleKeys.map((key): Shape => [key, 'an object', isObject]),
  ...listKeys.map((key): Shape => [key, 'a non-empty array', isList]),
  ['required', 'an array of strings', (value) => Array.isArray(value) && value.every(isText)],
  ['enum', 'an array of strings or numbers', (value) => isList(value) && value.every(isScalar)],
  [
    'additionalProperties',
    'a boolean or an object',
    (value) => typeof value === 'boolean' || isObject(value),
  ],
  ['$ref', 'a string', isText],
];

interface Node {
  readonly schema: JsonObject;
  /** The way to it from the root, as the messages write it. */
  readonly path: string;
}

function shown(path: string): string {
  return path === '' ? 'top-level' : path;
}

function below(path: string, ...steps: (string | number)[]): string {
  return [...(path === '' ? [] : [path]), ...steps].join('.');
}

type Inner = readonly [path: string, schema: Json];

function innerOf({ schema, path }: Node): Inner[] {
  const lists = listKeys.flatMap((key) => {
    const list = schema[key];
    return Array.isArray(list)
      ? list.map((item, index): Inner => [below(path, key, index), item])
      : [];
  });
  const maps = mapKeys.flatMap((key) =>
    Object.entries(objectIn(schema, key) ?? {}).map(
      ([name, item]): Inner => [below(path, key, name), item],
    ),
  );
  const single = [...singleKeys, 'additionalProperties'].flatMap((key) => {
    const item = schema[key];
    return item === undefined || typeof item === 'boolean'
      ? []
      : [[below(path, key), item] as const];
  });
  return [...maps, ...lists, ...single];
}

/** What is wrong with it, in Google's words; null: nothing. `tooDeep` is said of one that is. */
export function jsonSchemaFault(root: Json, tooDeep: string): string | null {
  if (!isObject(root)) return words.schema('top-level');
  const targets = targetsOf(root);
  return nodeFault({ schema: root, path: '' }, targets, tooDeep, 0) ?? loopFault(root);
}

/** What a `$ref` may lead to: the root, what the root defines, and what has an anchor there. */
function targetsOf(root: JsonObject): ReadonlySet<string> {
  const definitions = Object.entries(objectIn(root, '$defs') ?? {});
  const anchors = definitions
    .map(([, schema]) => (isObject(schema) ? schema.$anchor : undefined))
    .filter((anchor) => typeof anchor === 'string');
  const named = definitions.map(([name]) => referenceTo(name));
  return new Set(['#', ...named, ...anchors.map((anchor) => `#${anchor}`)]);
}

function referenceTo(name: string): string {
  return `#/$defs/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function nodeFault(
  node: Node,
  targets: ReadonlySet<string>,
  tooDeep: string,
  depth: number,
): string | null {
  if (depth > deepestSchema) return tooDeep;
  const own = shapeFault(node) ?? referenceFault(node, targets) ?? requiredFault(node);
  if (own !== null) return own;
  for (const [path, schema] of innerOf(node)) {
    if (!isObject(schema)) return words.schema(path);
    const fault = nodeFault({ schema, path }, targets, tooDeep, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

function shapeFault({ schema, path }: Node): string | null {
  const wrong = shapes.find(([key, , fits]) => schema[key] !== undefined && !fits(schema[key]));
  return wrong ? words.shape(wrong[0], shown(path), wrong[1]) : null;
}

const besideReference = new Set(['description', 'default']);

function referenceFault({ schema, path }: Node, targets: ReadonlySet<string>): string | null {
  const { $ref: reference } = schema;
  if (typeof reference !== 'string') return null;
  const isStray = (key: string): boolean => !key.startsWith('$') && !besideReference.has(key);
  if (Object.keys(schema).some(isStray)) return words.sibling(reference);
  return targets.has(decoded(reference)) ? null : words.reference(shown(path));
}

function decoded(reference: string): string {
  try {
    return decodeURIComponent(reference);
  } catch {
    return reference;
  }
}

function requiredFault({ schema, path }: Node): string | null {
  const properties = objectIn(schema, 'properties') ?? {};
  const missing = stringsIn(schema, 'required').find((name) => !Object.hasOwn(properties, name));
  return missing === undefined ? null : words.required(shown(path), missing);
}

interface Edge {
  readonly to: string;
  readonly path: string;
}

/** Whether what must be there leads back to itself: no value could end. */
function loopFault(root: JsonObject): string | null {
  const edges = new Map<string, readonly Edge[]>([['#', edgesOf({ schema: root, path: '' })]]);
  for (const [name, schema] of Object.entries(objectIn(root, '$defs') ?? {})) {
    if (!isObject(schema)) continue;
    const found = edgesOf({ schema, path: `$defs.${name}` });
    edges.set(referenceTo(name), found);
    if (typeof schema.$anchor === 'string') edges.set(`#${schema.$anchor}`, found);
  }
  const done = new Set<string>();
  for (const start of edges.keys()) {
    const place = loopFrom(start, edges, new Set(), done);
    if (place !== null) return words.loop(shown(place));
  }
  return null;
}

function loopFrom(
  at: string,
  edges: ReadonlyMap<string, readonly Edge[]>,
  open: Set<string>,
  done: Set<string>,
): string | null {
  if (done.has(at)) return null;
  open.add(at);
  for (const { to, path } of edges.get(at) ?? []) {
    const place = open.has(to) ? path : loopFrom(to, edges, open, done);
    if (place !== null) return place;
  }
  open.delete(at);
  done.add(at);
  return null;
}

/**
 * The references that a value can't do without. A branch of `anyOf` counts as one, as the answers
 * that were seen have it; properties that are optional or nullable and lists that may be empty don't.
 */
function edgesOf({ schema, path }: Node): Edge[] {
  if (typeof schema.$ref === 'string') return [{ to: decoded(schema.$ref), path }];
  const properties = objectIn(schema, 'properties') ?? {};
  const required = stringsIn(schema, 'required').map((name): Inner => {
    return [below(path, 'properties', name), properties[name] ?? null];
  });
  const items: Inner[] =
    Number(schema.minItems ?? 0) > 0 ? [[below(path, 'items'), schema.items ?? null]] : [];
  const branches = ['anyOf', 'oneOf', 'allOf'].flatMap((key) =>
    objectsIn(schema, key).map((branch, index): Inner => [below(path, key, index), branch]),
  );
  return [...required, ...items, ...branches].flatMap(([at, inner]) =>
    isObject(inner) && !isNullable(inner) ? edgesOf({ schema: inner, path: at }) : [],
  );
}

function isNullable(schema: JsonObject): boolean {
  const { type, nullable } = schema;
  if (nullable === true || type === 'null') return true;
  if (Array.isArray(type) && type.includes('null')) return true;
  return ['anyOf', 'oneOf'].some((key) => objectsIn(schema, key).some(isNullable));
}
