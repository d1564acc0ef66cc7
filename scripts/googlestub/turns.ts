import { partsOf } from './calls.ts';
import { callTurnFault } from './callturns.ts';
import { type JsonObject, objectIn, objectsIn, textIn } from './json.ts';
import { mimeTypeFault } from './mimetypes.ts';
import { calledNamesFault } from './names.ts';
import type { Scene } from './rules.ts';
import { oneOfs } from './shapes.ts';

/** What is wrong with the contents' order and make-up, in Google's words; null: nothing. */
export function contentsFault(scene: Scene): string | null {
  const contents = objectsIn(scene.request, 'contents');
  if (contents.length === 0) return noContents(scene);
  const steps = stepsOf(contents);
  return (
    turnsFault(scene) ??
    calledNamesFault(scene) ??
    first(steps, (_, index) => callTurnFault(steps, index)) ??
    lastTurnFault(contents, scene)
  );
}

/** What is wrong with single turns and with the instruction. */
export function turnsFault(scene: Scene): string | null {
  const contents = objectsIn(scene.request, 'contents');
  return (
    first(contents, (content, index) => contentFault(content, index, scene)) ?? systemFault(scene)
  );
}

/** Turns of the model in a row are one to Google: its SDK keeps each piece of a stream as a turn. */
export function stepsOf(contents: readonly JsonObject[]): JsonObject[] {
  const steps: JsonObject[] = [];
  for (const content of contents) {
    const before = steps.at(-1);
    if (before?.role === 'model' && content.role === 'model') {
      steps[steps.length - 1] = { ...before, parts: [...partsOf(before), ...partsOf(content)] };
    } else {
      steps.push(content);
    }
  }
  return steps;
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
  const [, ...members] = oneOfs.Part ?? ['data'];
  const data = members.find((name) => part[name] !== undefined);
  if (data === undefined) {
    const text = "required oneof field 'data' must have one initialized field";
    return `* GenerateContentRequest.${place}.data: ${text}\n`;
  }
  if (isEmptyText(part, scene)) return emptyText;
  return (
    modifierFault(part, place, scene) ??
    mediaFault(part, `${place}.${data}`) ??
    namedFault(part, place) ??
    responsePartsFault(part, `${place}.${data}`, scene)
  );
}

const emptyText =
  'Unable to submit request because it has an empty text parameter. Add a value to the parameter and ' +
  `try again. ${vertexHelp}`;

const isEmptyText = (part: JsonObject, { backend }: Scene): boolean =>
  backend === 'vertex' && part.text === '' && part.thoughtSignature === undefined;

/**
 * What stands beside media alone, https://ai.google.dev/api/caching#Part, and is known to Gemini 3 and later,
 * https://ai.google.dev/gemini-api/docs/media-resolution. The words are a guess.
 */
function modifierFault(part: JsonObject, place: string, { family, model }: Scene): string | null {
  const isMedium = part.inlineData !== undefined || part.fileData !== undefined;
  for (const [key, name] of Object.entries({
    videoMetadata: 'video_metadata',
    mediaResolution: 'media_resolution',
  })) {
    if (part[key] === undefined || isMedium) continue;
    return `* GenerateContentRequest.${place}.${name}: only allowed beside inline_data or file_data\n`;
  }
  if (part.mediaResolution === undefined || family.group !== 'gemini-2') return null;
  return `Media resolution is not enabled for models/${model}`;
}

function mediaFault(part: JsonObject, place: string): string | null {
  const media = objectIn(part, 'inlineData') ?? objectIn(part, 'fileData');
  if (!media) return null;
  const type = textIn(media, 'mimeType');
  if (type) return mimeTypeFault(type);
  return `* GenerateContentRequest.${place}.mime_type: mime type is not specified\n`;
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
  return response ? liveFault(response, `${place}.function_response`) : null;
}

/** What results have in conversations that are live, and there alone. The words are a guess. */
function liveFault(response: JsonObject, place: string): string | null {
  const { scheduling = 'SCHEDULING_UNSPECIFIED', willContinue = false } = response;
  const at = `* GenerateContentRequest.${place}`;
  const text = 'only supported by BidiGenerateContent\n';
  if (scheduling !== 'SCHEDULING_UNSPECIFIED') return `${at}.scheduling: ${text}`;
  return willContinue === true ? `${at}.will_continue: ${text}` : null;
}

function responsePartsFault(part: JsonObject, place: string, { family }: Scene): string | null {
  const response = objectIn(part, 'functionResponse');
  if (!response?.parts) return null;
  if (!family.mixedTools) {
    return 'Multimodal function responses are not supported for this model.';
  }
  return first(
    objectsIn(response, 'parts'),
    (inner, index) => mediaFault(inner, `${place}.parts[${index}]`) ?? insideFault(inner),
  );
}

const takenInside = ['image/png', 'image/jpeg', 'image/webp', 'application/pdf', 'text/plain'];

/** Of what a model takes elsewhere, some is refused inside of results. */
function insideFault(part: JsonObject): string | null {
  const type = textIn(objectIn(part, 'inlineData') ?? objectIn(part, 'fileData') ?? {}, 'mimeType');
  if (!type || takenInside.includes(type)) return null;
  return `mime_type: ${type} is not supported in function_response.parts`;
}

function systemFault(scene: Scene): string | null {
  const system = objectIn(scene.request, 'systemInstruction');
  if (!system) return null;
  const parts = partsOf(system);
  if (parts.length === 0) return noParts('system_instruction.parts', scene);
  if (!parts.every((part) => typeof part.text === 'string')) {
    return 'System instruction supports text parts only.';
  }
  // Quoted of turns. That it goes for the instruction as well is a guess.
  return parts.some((part) => isEmptyText(part, scene)) ? emptyText : null;
}

function lastTurnFault(contents: readonly JsonObject[], { family }: Scene): string | null {
  if (contents.at(-1)?.role !== 'model') return null;
  return family.prefill ? null : 'Requests ending with a model turn are not supported.';
}
