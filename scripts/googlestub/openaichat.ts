// A body of Google's OpenAI-compatible endpoint as the request that it stands for:
// https://ai.google.dev/gemini-api/docs/openai, https://ai.google.dev/gemini-api/docs/thought-signatures
import type { Family } from './families.ts';
import { isObject, type Json, type JsonObject, objectIn, objectsIn, textIn } from './json.ts';

/** The model without what Vertex AI wants in front of it. */
export function chatModelOf(body: Json): string | null {
  if (!isObject(body)) return null;
  return textIn(body, 'model')?.replace(/^(?:google|models)\//, '') ?? null;
}

function parsedArguments(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

function mediaPart(url: string): JsonObject {
  const data = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  if (data) return { inlineData: { mimeType: data[1] ?? '', data: data[2] ?? '' } };
  return { fileData: { mimeType: 'image/png', fileUri: url } };
}

function partsOf(content: Json): JsonObject[] {
  if (typeof content === 'string') return [{ text: content }];
  if (!Array.isArray(content)) return [];
  return content.filter(isObject).map(partOf);
}

function partOf(part: JsonObject): JsonObject {
  const image = objectIn(part, 'image_url');
  if (image) return mediaPart(textIn(image, 'url') ?? '');
  const sound = objectIn(part, 'input_audio');
  if (!sound) return { text: textIn(part, 'text') ?? '' };
  return { inlineData: { mimeType: `audio/${sound.format}`, data: textIn(sound, 'data') ?? '' } };
}

function signatureIn(holder: JsonObject): JsonObject {
  const google = objectIn(objectIn(holder, 'extra_content') ?? {}, 'google') ?? {};
  const signature = textIn(google, 'thought_signature');
  return signature === undefined ? {} : { thoughtSignature: signature };
}

function callPart(call: JsonObject): JsonObject {
  const named = objectIn(call, 'function') ?? {};
  const args = parsedArguments(textIn(named, 'arguments') ?? '');
  const functionCall = { id: textIn(call, 'id') ?? '', name: textIn(named, 'name') ?? '', args };
  return { functionCall, ...signatureIn(call) };
}

/** Results one behind the other are one turn. */
function contentsOf(messages: readonly JsonObject[]): JsonObject[] {
  const names = new Map<string, string>();
  const contents: { role: string; parts: JsonObject[]; results: boolean }[] = [];
  for (const message of messages) {
    const role = textIn(message, 'role');
    if (role === 'system' || role === 'developer') continue;
    if (role === 'tool') {
      const id = textIn(message, 'tool_call_id') ?? '';
      const response = { result: message.content ?? null };
      const part = { functionResponse: { id, name: names.get(id) ?? '', response } };
      const last = contents.at(-1);
      if (last?.results) last.parts.push(part);
      else contents.push({ role: 'user', parts: [part], results: true });
      continue;
    }
    const calls = objectsIn(message, 'tool_calls');
    for (const call of calls) {
      const name = textIn(objectIn(call, 'function') ?? {}, 'name') ?? '';
      names.set(textIn(call, 'id') ?? '', name);
    }
    const parts = [...partsOf(message.content ?? null), ...calls.map(callPart)];
    contents.push({ role: role === 'assistant' ? 'model' : 'user', parts, results: false });
  }
  return contents.map(({ role, parts }) => ({ role, parts }));
}

function declarationOf(tool: JsonObject): JsonObject {
  const named = objectIn(tool, 'function') ?? {};
  const { name = '', description, parameters } = named;
  return {
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parametersJsonSchema: parameters }),
  };
}

/** OpenAI's words for how tools are to be called. */
function callingOf(choice: Json | undefined): JsonObject {
  if (isObject(choice)) {
    const name = textIn(objectIn(choice, 'function') ?? {}, 'name') ?? '';
    return { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: [name] } };
  }
  const modes: Readonly<Record<string, string>> = { none: 'NONE', required: 'ANY' };
  return { functionCallingConfig: { mode: modes[String(choice)] ?? 'AUTO' } };
}

/** The extras, which the two back-ends take in either of these places. */
function extrasOf(body: JsonObject): JsonObject {
  return objectIn(objectIn(body, 'extra_body') ?? {}, 'google') ?? objectIn(body, 'google') ?? {};
}

const efforts = ['none', 'minimal', 'low', 'medium', 'high'];
const budgets: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
};
const mostThought = 24_576;
const roles = ['system', 'developer', 'user', 'assistant', 'tool'];
const partTypes = ['text', 'image_url', 'input_audio'];

/**
 * What is wrong with a chat before it stands for a request; null: nothing. Efforts are those of the page's table,
 * none of which may stand beside `thinking_config`; the words are a guess.
 */
export function chatFault(body: JsonObject, { levels }: Family): string | null {
  const { reasoning_effort: effort } = body;
  const thinks = objectIn(extrasOf(body), 'thinking_config') !== undefined;
  if (effort !== undefined && !efforts.includes(String(effort))) {
    return `Invalid reasoning_effort: ${JSON.stringify(effort)}`;
  }
  if (effort !== undefined && thinks) {
    return 'reasoning_effort and thinking_config can not both be set.';
  }
  if (effort === 'none' && levels.length > 0) return 'Thinking can not be disabled for this model.';
  return messagesFault(objectsIn(body, 'messages'));
}

function messagesFault(messages: readonly JsonObject[]): string | null {
  const wrong = messages.find(({ role }) => !roles.includes(String(role)));
  if (wrong) return `Invalid message role: ${JSON.stringify(wrong.role ?? null)}`;
  const part = messages
    .flatMap((message) => objectsIn(message, 'content'))
    .find(({ type }) => !partTypes.includes(String(type)));
  return part ? `Invalid content part type: ${part.type}` : null;
}

function thinkingOf(body: JsonObject, { levels }: Family): JsonObject | undefined {
  const effort = textIn(body, 'reasoning_effort');
  if (effort === undefined) {
    const config = objectIn(extrasOf(body), 'thinking_config');
    const level = textIn(config ?? {}, 'thinking_level')?.toUpperCase();
    return config && defined({ thinkingLevel: level, thinkingBudget: config.thinking_budget });
  }
  if (levels.length === 0) return { thinkingBudget: budgets[effort] ?? mostThought };
  const level = effort === 'minimal' && !levels.includes('MINIMAL') ? 'low' : effort;
  return { thinkingLevel: level.toUpperCase() };
}

const defined = (members: Record<string, Json | undefined>): JsonObject =>
  Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );

/** A chat's settings as a model's: what it takes of them it says as to the request in Google's own form. */
function configOf(body: JsonObject, family: Family): JsonObject {
  const format = objectIn(body, 'response_format') ?? {};
  const isJson = format.type === 'json_schema' || format.type === 'json_object';
  const { temperature, top_p, n, stop } = body;
  return defined({
    temperature,
    topP: top_p,
    candidateCount: n,
    maxOutputTokens: body.max_completion_tokens ?? body.max_tokens,
    stopSequences: typeof stop === 'string' ? [stop] : stop,
    responseMimeType: isJson ? 'application/json' : undefined,
    responseJsonSchema: objectIn(format, 'json_schema')?.schema,
    thinkingConfig: thinkingOf(body, family),
  });
}

export function generateRequestOf(body: JsonObject, family: Family): JsonObject {
  const messages = objectsIn(body, 'messages');
  const tools = objectsIn(body, 'tools').map(declarationOf);
  const cached = extrasOf(body).cached_content;
  return {
    contents: contentsOf(messages),
    generationConfig: configOf(body, family),
    ...(tools.length > 0 && { tools: [{ functionDeclarations: tools }] }),
    ...(tools.length > 0 && { toolConfig: callingOf(body.tool_choice) }),
    ...(cached !== undefined && { cachedContent: cached }),
  };
}
