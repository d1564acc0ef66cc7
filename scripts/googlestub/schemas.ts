import type { ApiBackend } from './families.ts';
import { isObject, type JsonObject, objectIn, objectsIn, stringsIn, textIn } from './json.ts';

/** Where a schema stands in a request, as either back-end names it. */
export interface SchemaPlace {
  /** The path of the Gemini API: `tools[0].function_declarations[0].parameters`. */
  readonly field: string;
  /** The subject of Vertex: `` `act` functionDeclaration ``; null for a schema of the answer. */
  readonly tool: string | null;
}

const learnMore =
  'Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling';

type Said = readonly [gemini: (at: string) => string, vertex: string];

/**
 * What is said of a schema in Google's own form: by the Gemini API behind a path, and by Vertex
 * behind a name. Of Vertex the words about types and any_of are quoted, the others made alike.
 */
const words = {
  untyped: [(at) => `${at}: type must be specified`, "didn't specify the schema type field"],
  anyOf: [
    (at) => `${at}: when using any_of, it must be the only field set`,
    'specified other fields alongside any_of. When using any_of, it must be the only field set',
  ],
  enumType: [
    (at) => `${at}.enum: only allowed for STRING type`,
    'specified enum for a schema type other than STRING',
  ],
  emptyEnum: [(at) => `${at}: cannot be empty`, 'specified an empty enum value'],
  format: [
    (at) => `${at}.format: only 'enum' and 'date-time' are supported for STRING type`,
    "specified a format other than 'enum' and 'date-time' for STRING type",
  ],
  stray: [
    (at) => `${at}.properties: only allowed for OBJECT type`,
    'specified incorrect schema type field. For schema with properties field, schema type should ' +
      'be OBJECT',
  ],
  strayRequired: [
    (at) => `${at}.required: only allowed for OBJECT type`,
    'specified required for a schema type other than OBJECT',
  ],
  noProperties: [
    (at) => `${at}.properties: should be non-empty for OBJECT type`,
    'properties should be non-empty for OBJECT type',
  ],
  unknown: [(at) => `${at}: property is not defined`, 'names a property that is not defined'],
  items: [(at) => `${at}.items: missing field.`, "didn't specify the items field of an ARRAY"],
  strayItems: [
    (at) => `${at}.items: only allowed for ARRAY type`,
    'specified items for a schema type other than ARRAY',
  ],
} satisfies Record<string, Said>;

interface Found {
  readonly kind: keyof typeof words;
  readonly steps: readonly Step[];
}

/** A step into a schema: how the Gemini API writes it, and Vertex. */
type Step = readonly [gemini: string, vertex: string];

/**
 * A schema in Google's own subset: https://ai.google.dev/api/caching#Schema. The Gemini API tells
 * all its faults, one a line; Vertex the first.
 */
export function schemaFault(
  schema: JsonObject,
  place: SchemaPlace,
  backend: ApiBackend,
): string | null {
  const found = faultsOf(schema, []);
  const [first] = found;
  if (!first) return null;
  if (backend === 'vertex') return vertexWords(first, place);
  return found.map((fault) => `* ${geminiWords(fault, place)}\n`).join('');
}

function geminiWords({ kind, steps }: Found, { field }: SchemaPlace): string {
  const at = `GenerateContentRequest.${field}${steps.map(([gemini]) => gemini).join('')}`;
  return words[kind][0](at);
}

function vertexWords({ kind, steps }: Found, { tool }: SchemaPlace): string {
  const text = words[kind][1];
  if (tool === null)
    return `Unable to submit request because one or more response schemas ${text}.`;
  const path = ['parameters', ...steps.map(([, vertex]) => vertex)].filter(Boolean).join('.');
  return (
    `Unable to submit request because \`${tool}\` functionDeclaration \`${path}\` schema ${text}. ` +
    learnMore
  );
}

function faultsOf(schema: JsonObject, steps: readonly Step[]): Found[] {
  const inner = (child: JsonObject, step: Step): Found[] => faultsOf(child, [...steps, step]);
  const own = ownFaults(schema).map(
    ([kind, place]): Found => ({ kind, steps: place ? [...steps, [place, '']] : steps }),
  );
  const branches = objectsIn(schema, 'anyOf').flatMap((branch, index) =>
    inner(branch, [`.any_of[${index}]`, `any_of[${index}]`]),
  );
  const properties = Object.entries(objectIn(schema, 'properties') ?? {}).flatMap(
    ([name, child]) => (isObject(child) ? inner(child, [`.properties[${name}]`, name]) : []),
  );
  const items = objectIn(schema, 'items');
  return [...own, ...branches, ...properties, ...(items ? inner(items, ['.items', 'items']) : [])];
}

/** A fault of the node itself, and the entry of one of its lists that it is about. */
type Own = readonly [kind: Found['kind'], place?: string];

function ownFaults(schema: JsonObject): Own[] {
  if (schema.anyOf !== undefined) {
    const isStray = (key: string): boolean => key !== 'anyOf' && key !== 'nullable';
    return Object.keys(schema).some(isStray) ? [['anyOf']] : [];
  }
  if (!textIn(schema, 'type')) return [['untyped']];
  return [...enumFaults(schema), ...objectFaults(schema), ...arrayFaults(schema)];
}

function enumFaults(schema: JsonObject): Own[] {
  const { type, format } = schema;
  if (schema.enum !== undefined && type !== 'STRING') return [['enumType']];
  if (type === 'STRING' && format && format !== 'enum' && format !== 'date-time') {
    return [['format']];
  }
  return stringsIn(schema, 'enum').flatMap((value, index): Own[] =>
    value === '' ? [['emptyEnum', `.enum[${index}]`]] : [],
  );
}

function objectFaults(schema: JsonObject): Own[] {
  if (schema.type !== 'OBJECT') return strayFaults(schema);
  const names = new Set(Object.keys(objectIn(schema, 'properties') ?? {}));
  const unknown = (key: string, list: string): Own[] =>
    stringsIn(schema, key).flatMap((name, index): Own[] =>
      names.has(name) ? [] : [['unknown', `.${list}[${index}]`]],
    );
  return [
    ...(names.size === 0 ? [['noProperties'] as const] : []),
    ...unknown('required', 'required'),
    ...unknown('propertyOrdering', 'property_ordering'),
  ];
}

function strayFaults(schema: JsonObject): Own[] {
  const requires = stringsIn(schema, 'required').length > 0;
  return [
    ...(schema.properties ? [['stray'] as const] : []),
    ...(requires ? [['strayRequired'] as const] : []),
  ];
}

function arrayFaults(schema: JsonObject): Own[] {
  const items = objectIn(schema, 'items');
  if (schema.type === 'ARRAY') return items ? [] : [['items']];
  return items ? [['strayItems']] : [];
}

/** How many schemas deep it goes, itself included. */
export function depthOf(schema: JsonObject): number {
  const maps = Object.values(objectIn(schema, 'properties') ?? {}).filter(isObject);
  const items = objectIn(schema, 'items');
  const inner = [...maps, ...objectsIn(schema, 'anyOf'), ...(items ? [items] : [])];
  return 1 + Math.max(0, ...inner.map(depthOf));
}
