import { partsOf } from './calls.ts';
import { isObject, type Json, type JsonObject, objectsIn, textIn } from './json.ts';

function membersOf(content: JsonObject | undefined, key: string): JsonObject[] {
  return partsOf(content)
    .map((part) => part[key])
    .filter(isObject);
}

function callsOf(content: JsonObject | undefined): JsonObject[] {
  return membersOf(content, 'functionCall');
}

function responsesOf(content: JsonObject | undefined): JsonObject[] {
  return membersOf(content, 'functionResponse');
}

const callTurn =
  'Please ensure that function call turn comes immediately after a user turn or after a function ' +
  'response turn.';
const responseTurn =
  'Please ensure that function response turn comes immediately after a function call turn.';
const sameCount =
  'Please ensure that the number of function response parts is equal to the number of function ' +
  'call parts of the function call turn.';

/** What Google says of ids and names that don't fit, and of much else: no field, no details. */
export const bareRefusal = 'Request contains an invalid argument.';

const unmatchedReference = (name: string): string =>
  `The referenced name \`${name}\` in function_response.response does not match to a display_name ` +
  'in the function_response.parts.';

/** https://ai.google.dev/gemini-api/docs/function-calling: calls, then their responses, at once. */
export function callTurnFault(contents: readonly JsonObject[], index: number): string | null {
  const [before, content, after] = [contents[index - 1], contents[index], contents[index + 1]];
  const calls = callsOf(content);
  const responses = responsesOf(content);
  if (calls.length > 0) {
    if (content?.role !== 'model' || !before) return callTurn;
    if (after && responsesOf(after).length !== calls.length) return sameCount;
    if (hasTwins(calls)) return bareRefusal;
  }
  if (responses.length === 0) return null;
  if (content?.role === 'model' || callsOf(before).length === 0) return responseTurn;
  const leading = partsOf(content).slice(0, responses.length);
  if (!leading.every((part) => part.functionResponse !== undefined)) return bareRefusal;
  if (!arePaired(callsOf(before), responses)) return bareRefusal;
  const reference = responses.map(strayReference).find((name) => name !== null);
  return reference === undefined ? null : unmatchedReference(reference);
}

function hasTwins(calls: readonly JsonObject[]): boolean {
  const ids = calls.map(({ id }) => id).filter((id) => id !== undefined);
  return new Set(ids).size < ids.length;
}

/** Each response has the name and the id of the call in its place, or neither has an id. */
function arePaired(calls: readonly JsonObject[], responses: readonly JsonObject[]): boolean {
  return calls.every(({ id, name }, index) => {
    const response = responses[index];
    return response?.name === name && response?.id === id;
  });
}

/** A key `$ref` anywhere in a response names media beside it; null: each does. */
function strayReference(response: JsonObject): string | null {
  const names = objectsIn(response, 'parts')
    .flatMap(({ inlineData, fileData }) => [inlineData, fileData])
    .map((media) => (isObject(media) ? textIn(media, 'displayName') : undefined));
  const stray = referencesIn(response.response ?? null).find((name) => !names.includes(name));
  return stray ?? null;
}

function referencesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...(key === '$ref' ? [typeof item === 'string' ? item : JSON.stringify(item)] : []),
    ...referencesIn(item),
  ]);
}
