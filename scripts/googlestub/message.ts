import { badRequest, invalidArgument, type Refusal } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { ApiBackend } from './families.ts';
import type { Json, JsonObject } from './json.ts';
import { Reader } from './reader.ts';
import type { Route } from './routes.ts';
import type { World } from './world.ts';

export interface Checked {
  /** The request with its names in camel case. */
  readonly request: JsonObject;
}

export type Verdict = Checked | { readonly refusal: Refusal };

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** As protobuf's reader of JSON says it (json_stream_parser.cc), whose strings are UTF-8. */
class HalfCharacter extends Error {
  override readonly message = 'Invalid low surrogate.';
}

function wholeCharacters(key: string, value: unknown): unknown {
  const texts = typeof value === 'string' ? [key, value] : [key];
  if (texts.every((text) => text.isWellFormed())) return value;
  throw new HalfCharacter();
}

/** The body as a message of Google's; `path`: what it is within the request that violations name. */
export function readMessage(
  { families }: World,
  { request, bytes }: Exchange,
  route: Route,
  type: string,
  path = '',
): Verdict {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(contentType)) {
    return { refusal: invalidArgument('Request content-type must be application/json.') };
  }
  let body: Json;
  try {
    body = JSON.parse(strictUtf8.decode(bytes), wholeCharacters) as Json;
  } catch (error) {
    const said = error instanceof HalfCharacter ? error.message : 'Unexpected token.';
    return { refusal: invalidArgument(`Invalid JSON payload received. ${said}`) };
  }
  const backend = route.backend as ApiBackend;
  const { callIds } = families.of(route.model ?? '');
  const hidden = callIds.includes(backend) ? [] : ['FunctionCall.id', 'FunctionResponse.id'];
  const reader = new Reader(backend, hidden);
  const message = reader.message(body, type, path);
  if (reader.violations.length > 0) return { refusal: badRequest(reader.violations) };
  return { request: message };
}
