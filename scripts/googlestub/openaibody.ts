import { badRequest, invalidArgument, type Refusal } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

/** The body of a call to Google's OpenAI-compatible endpoint, of which each field is known. */
export function readBody(
  { request, bytes }: Exchange,
  knows: (name: string) => boolean,
): JsonObject | Refusal {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return invalidArgument('Request content-type must be application/json.');
  }
  const body = parsed(bytes);
  if (!isObject(body)) return invalidArgument('Invalid JSON payload received.');
  const unknown = Object.keys(body).filter((name) => !knows(name));
  if (unknown.length === 0) return body;
  // All at once, in details without a path: https://github.com/Vali-98/ChatterUI/issues/227
  const violations = unknown.map((name) => ({
    field: '',
    description: `Invalid JSON payload received. Unknown name "${name}": Cannot find field.`,
  }));
  return badRequest(violations);
}

export const isRefusal = (read: JsonObject | Refusal): read is Refusal =>
  typeof read.status === 'number' && read.body !== undefined;

function parsed(bytes: Buffer): Json {
  try {
    return JSON.parse(bytes.toString()) as Json;
  } catch {
    return null;
  }
}
