export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectIn(parent: JsonObject, key: string): JsonObject | undefined {
  const value = parent[key];
  return isObject(value) ? value : undefined;
}

export function objectsIn(parent: JsonObject, key: string): JsonObject[] {
  const value = parent[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function stringsIn(parent: JsonObject, key: string): string[] {
  const value = parent[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function textIn(parent: JsonObject, key: string): string | undefined {
  const value = parent[key];
  return typeof value === 'string' ? value : undefined;
}

export function numberIn(parent: JsonObject, key: string): number | undefined {
  const value = parent[key];
  return typeof value === 'number' ? value : undefined;
}

// Google's serialiser writes angle brackets as escapes, so that a body is safe inside HTML.
function escapeAngles(text: string): string {
  return text.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
}

/** The form of unary answers and of all errors: two blanks of indentation and a last newline. */
export function prettyJson(value: Json): string {
  return `${escapeAngles(JSON.stringify(value, null, 2))}\n`;
}

/** The form of server-sent events: one line, a blank after each colon and none after a comma. */
export function lineJson(value: Json): string {
  return escapeAngles(line(value));
}

function line(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(line).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${line(item)}`,
  );
  return `{${members.join(',')}}`;
}
