import { currentTurn, partsOf } from './calls.ts';
import { isObject, type JsonObject, objectIn, objectsIn, textIn } from './json.ts';
import type { Scene } from './rules.ts';
import { oneOfs } from './shapes.ts';

/** What is wrong with the contents' order and make-up, in Google's words; null: nothing. */
export function contentsFault(scene: Scene): string | null {
  const contents = objectsIn(scene.request, 'contents');
  if (contents.length === 0) return noContents(scene);
  return (
    first(contents, (content, index) => contentFault(content, index, scene)) ??
    systemFault(scene) ??
    first(contents, (_, index) => callTurnFault(contents, index)) ??
    lastTurnFault(contents, scene)
  );
}

/** The first fault that is found, place by place. */
export function first<T>(
  items: readonly T[],
  fault: (item: T, index: number) => string | null,
): string | null {
  for (const [index, item] of items.entries()) {
    const found = fault(item, index);
    if (found !== null) return found;
  }
  return null;
}

const vertexHelp =
  'Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini';

function noContents({ backend }: Scene): string {
  if (backend === 'gemini') {
    return '* GenerateContentRequest.contents: contents is not specified\n';
  }
  return `Unable to submit request because at least one contents field is required. ${vertexHelp}`;
}

function contentFault(content: JsonObject, index: number, scene: Scene): string | null {
  const role = textIn(content, 'role') || (scene.backend === 'gemini' ? 'user' : '');
  if (role !== 'user' && role !== 'model') return 'Please use a valid role: user, model.';
  const parts = partsOf(content);
  const place = `contents[${index}].parts`;
  if (parts.length === 0) return noParts(place, scene);
  return first(parts, (part, number) => partFault(part, `${place}[${number}]`, scene));
}

function noParts(place: string, { backend }: Scene): string {
  if (backend === 'gemini') {
    return `* GenerateContentRequest.${place}: contents.parts must not be empty.\n`;
  }
  return (
    'Unable to submit request because it must include at least one parts field, which describes ' +
    `the prompt input. ${vertexHelp}`
  );
}

function partFault(part: JsonObject, place: string, scene: Scene): string | null {
  const data = (oneOfs.Part ?? []).find((name) => part[name] !== undefined);
  if (data === undefined) {
    const text = "required oneof field 'data' must have one initialized field";
    return `* GenerateContentRequest.${place}.data: ${text}\n`;
  }
  if (scene.backend === 'vertex' && part.text === '' && part.thoughtSignature === undefined) {
    const text = 'it has an empty text parameter. Add a value to the parameter and try again.';
    return `Unable to submit request because ${text} ${vertexHelp}`;
  }
  const media = objectIn(part, 'inlineData') ?? objectIn(part, 'fileData');
  if (media && !textIn(media, 'mimeType')) {
    return `* GenerateContentRequest.${place}.${data}.mime_type: mime type is not specified\n`;
  }
  return namedFault(part, place) ?? responsePartsFault(part, scene);
}

function namedFault(part: JsonObject, place: string): string | null {
  for (const [key, name] of Object.entries({
    functionCall: 'function_call',
    functionResponse: 'function_response',
  })) {
    const named = objectIn(part, key);
    if (named && !textIn(named, 'name')) {
      return `* GenerateContentRequest.${place}.${name}.name: Name cannot be empty.\n`;
    }
  }
  const response = objectIn(part, 'functionResponse');
  if (response && response.response === undefined) {
    return `* GenerateContentRequest.${place}.function_response.response: missing field.\n`;
  }
  return null;
}

function responsePartsFault(part: JsonObject, { family }: Scene): string | null {
  const response = objectIn(part, 'functionResponse');
  if (!response?.parts || family.mixedTools) return null;
  return 'Multimodal function responses are not supported for this model.';
}

function systemFault(scene: Scene): string | null {
  const system = objectIn(scene.request, 'systemInstruction');
  if (!system) return null;
  const parts = partsOf(system);
  if (parts.length === 0) return noParts('system_instruction.parts', scene);
  if (parts.every((part) => typeof part.text === 'string')) return null;
  return 'System instruction supports text parts only.';
}

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

/** https://ai.google.dev/gemini-api/docs/function-calling: calls, then their responses, at once. */
function callTurnFault(contents: readonly JsonObject[], index: number): string | null {
  const [before, content, after] = [contents[index - 1], contents[index], contents[index + 1]];
  const calls = callsOf(content);
  const responses = responsesOf(content);
  if (calls.length > 0) {
    if (content?.role !== 'model' || !before || before.role === 'model') return callTurn;
    if (after && responsesOf(after).length !== calls.length) return sameCount;
  }
  if (responses.length === 0) return null;
  if (content?.role === 'model' || callsOf(before).length === 0) return responseTurn;
  const leading = partsOf(content).slice(0, responses.length);
  if (!leading.every((part) => part.functionResponse !== undefined)) {
    return 'Please ensure that function response parts come first in their turn.';
  }
  return pairingFault(callsOf(before), responses);
}

function pairingFault(calls: readonly JsonObject[], responses: readonly JsonObject[]) {
  return first(calls, (call, index) => {
    const response = responses[index] ?? {};
    if (call.name !== response.name) {
      const order = `${response.name} answers ${call.name}`;
      return `Please ensure that function responses are in the order of their calls: ${order}.`;
    }
    if (call.id === response.id) return null;
    return `Please ensure that function responses have the ids of their calls: ${call.name}.`;
  });
}

function lastTurnFault(contents: readonly JsonObject[], { family }: Scene): string | null {
  if (contents.at(-1)?.role !== 'model') return null;
  return family.prefill ? null : 'Requests ending with a model turn are not supported.';
}

/** https://ai.google.dev/gemini-api/docs/thought-signatures */
export function signatureFault(scene: Scene): string | null {
  const contents = objectsIn(scene.request, 'contents');
  const start = currentTurn(contents);
  return (
    first(contents, (content) => foreignFault(content, scene)) ??
    first(contents, (content, index) =>
      index < start ? null : missingFault(content, index, scene),
    )
  );
}

function foreignFault(content: JsonObject, scene: Scene): string | null {
  return first(partsOf(content), (part) => {
    const signature = textIn(part, 'thoughtSignature');
    if (!signature || scene.acceptsSignature(signature)) return null;
    return 'Corrupted thought signature.';
  });
}

function missingFault(content: JsonObject, index: number, { family }: Scene): string | null {
  const signed = partsOf(content).find((part) => part.functionCall !== undefined);
  if (!family.signatures || !signed || textIn(signed, 'thoughtSignature')) return null;
  const name = textIn(objectIn(signed, 'functionCall') ?? {}, 'name');
  return (
    'Function call is missing a thought_signature in functionCall parts. This is required for ' +
    'tools to work correctly, and missing thought_signature may lead to degraded model ' +
    `performance. Additional data, function call \`default_api:${name}\`, position ${index + 1}.`
  );
}
