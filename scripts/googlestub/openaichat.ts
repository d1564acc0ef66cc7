// A body of Google's OpenAI-compatible endpoint as the request that it stands for:
// https://ai.google.dev/gemini-api/docs/openai, https://ai.google.dev/gemini-api/docs/thought-signatures
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
  return content.filter(isObject).map((part) => {
    const image = objectIn(part, 'image_url');
    return image ? mediaPart(textIn(image, 'url') ?? '') : { text: textIn(part, 'text') ?? '' };
  });
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

export function generateRequestOf(body: JsonObject): JsonObject {
  const messages = objectsIn(body, 'messages');
  const tools = objectsIn(body, 'tools').map(declarationOf);
  const cached = extrasOf(body).cached_content;
  return {
    contents: contentsOf(messages),
    ...(tools.length > 0 && { tools: [{ functionDeclarations: tools }] }),
    ...(tools.length > 0 && { toolConfig: callingOf(body.tool_choice) }),
    ...(cached !== undefined && { cachedContent: cached }),
  };
}
