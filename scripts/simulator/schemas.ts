import { resolve } from './instance.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  objectIn,
  objectsIn,
  stringsIn,
  textIn,
} from './json.ts';
import { first } from './turns.ts';

function say(place: string, text: string): string {
  return `* GenerateContentRequest.${place}: ${text}\n`;
}

/** A schema in Google's own subset: https://ai.google.dev/api/caching#Schema */
export function schemaFault(schema: JsonObject, place: string): string | null {
  if (schema.anyOf !== undefined) {
    const others = Object.keys(schema).filter((key) => key !== 'anyOf' && key !== 'nullable');
    if (others.length > 0) {
      const text = 'schema specified other fields alongside any_of. When using any_of, it must be';
      return `Unable to submit request because ${place} ${text} the only field set.`;
    }
    return first(objectsIn(schema, 'anyOf'), (branch, index) =>
      schemaFault(branch, `${place}.any_of[${index}]`),
    );
  }
  if (!textIn(schema, 'type')) return say(place, 'type must be specified');
  return enumFault(schema, place) ?? objectFault(schema, place) ?? arrayFault(schema, place);
}

function enumFault(schema: JsonObject, place: string): string | null {
  const { type, format } = schema;
  if (schema.enum !== undefined && type !== 'STRING') {
    return say(`${place}.enum`, 'only allowed for STRING type');
  }
  if (stringsIn(schema, 'enum').includes('')) return say(`${place}.enum[0]`, 'cannot be empty');
  if (type === 'STRING' && format && format !== 'enum' && format !== 'date-time') {
    return say(`${place}.format`, "only 'enum' and 'date-time' are supported for STRING type");
  }
  return null;
}

function objectFault(schema: JsonObject, place: string): string | null {
  if (schema.type !== 'OBJECT') {
    return schema.properties ? say(`${place}.properties`, 'only allowed for OBJECT type') : null;
  }
  const properties = objectIn(schema, 'properties') ?? {};
  const names = Object.keys(properties);
  if (names.length === 0) return say(`${place}.properties`, 'should be non-empty for OBJECT type');
  for (const list of ['required', 'propertyOrdering']) {
    const index = stringsIn(schema, list).findIndex((name) => !names.includes(name));
    if (index >= 0) return say(`${place}.${list}[${index}]`, 'property is not defined');
  }
  return first(names, (name) => {
    const property = properties[name];
    return isObject(property) ? schemaFault(property, `${place}.properties[${name}]`) : null;
  });
}

function arrayFault(schema: JsonObject, place: string): string | null {
  const items = objectIn(schema, 'items');
  if (schema.type === 'ARRAY') {
    return items ? schemaFault(items, `${place}.items`) : say(`${place}.items`, 'missing field.');
  }
  return items ? say(`${place}.items`, 'only allowed for ARRAY type') : null;
}

const jsonTypes = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];
const listKeys = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const mapKeys = ['properties', '$defs', 'definitions'];
const deepest = 64;

/** JSON Schema as `parametersJsonSchema` and `responseJsonSchema` take it. */
export function jsonSchemaFault(schema: Json, place: string): string | null {
  const fault = (text: string): string => say(place, text);
  const found = jsonFault(schema, schema, 0);
  if (found !== null) return fault(found);
  return isCyclic(schema, schema, []) ? fault('cycles may only go through optional fields') : null;
}

function jsonFault(schema: Json, root: Json, depth: number): string | null {
  if (typeof schema === 'boolean') return null;
  if (!isObject(schema)) return 'a schema must be an object';
  if (depth > deepest) return 'schema exceeds the maximum allowed nesting depth';
  return (
    keywordFault(schema, root) ??
    first(innerOf(schema), (inner) => jsonFault(inner, root, depth + 1))
  );
}

function keywordFault(schema: JsonObject, root: Json): string | null {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'null'];
  if (!types.every((type) => typeof type === 'string' && jsonTypes.includes(type.toLowerCase()))) {
    return `unknown type ${JSON.stringify(schema.type)}`;
  }
  for (const key of listKeys) {
    const list = schema[key];
    if (list !== undefined && !(Array.isArray(list) && list.length > 0))
      return `${key} must be a list`;
  }
  for (const key of mapKeys) {
    if (schema[key] !== undefined && !isObject(schema[key])) return `${key} must be an object`;
  }
  if (schema.enum !== undefined && !Array.isArray(schema.enum)) return 'enum must be a list';
  const names = stringsIn(schema, 'required');
  if (
    schema.required !== undefined &&
    !(Array.isArray(schema.required) && names.length === schema.required.length)
  ) {
    return 'required must be a list of names';
  }
  return referenceFault(schema, root);
}

function referenceFault(schema: JsonObject, root: Json): string | null {
  const reference = schema.$ref;
  if (reference === undefined) return null;
  if (typeof reference !== 'string' || !reference.startsWith('#')) return '$ref must be local';
  if (resolve(reference, root) === null) return `$ref ${reference} points nowhere`;
  const sibling = Object.keys(schema).find((key) => !key.startsWith('$'));
  return sibling === undefined ? null : `${sibling} is not allowed beside $ref`;
}

function innerOf(schema: JsonObject): Json[] {
  const lists = listKeys.flatMap((key) => (Array.isArray(schema[key]) ? schema[key] : []));
  const maps = mapKeys.flatMap((key) => Object.values(objectIn(schema, key) ?? {}));
  const single = [schema.items, schema.additionalProperties].filter((item) => item !== undefined);
  return [...lists, ...maps, ...single];
}

/** Whether required properties alone lead back to a reference on the way: no value could end. */
function isCyclic(schema: Json, root: Json, seen: readonly string[]): boolean {
  if (!isObject(schema)) return false;
  if (typeof schema.$ref === 'string') {
    if (seen.includes(schema.$ref)) return true;
    return isCyclic(resolve(schema.$ref, root), root, [...seen, schema.$ref]);
  }
  const properties = objectIn(schema, 'properties') ?? {};
  return stringsIn(schema, 'required').some((name) =>
    isCyclic(properties[name] ?? null, root, seen),
  );
}
