// Google's OpenAI-compatible endpoint: https://ai.google.dev/gemini-api/docs/openai,
// https://cloud.google.com/vertex-ai/generative-ai/docs/start/openai. It takes chats alone, and no more of
// their fields than the tests ask for.
import { invalidArgument, type Refusal } from './errors.ts';
import { sendRefusal, writeFrames } from './exchange.ts';
import { serviceOf, streamErrorOf } from './faults.ts';
import type { GenerateCall } from './generate.ts';
import { isObject, type Json, type JsonObject, objectIn, objectsIn, textIn } from './json.ts';
import { modelFault } from './validate.ts';
import type { World } from './world.ts';

const fields = new Set([
  ...['model', 'messages', 'stream', 'stream_options', 'tools', 'tool_choice', 'n', 'stop'],
  ...['temperature', 'top_p', 'max_tokens', 'max_completion_tokens', 'reasoning_effort'],
  ...['response_format', 'extra_body', 'user'],
]);

/** The model as each back-end wants it named. */
function modelIn(body: JsonObject, { route }: GenerateCall): string | Refusal {
  const name = textIn(body, 'model') ?? '';
  if (route.backend === 'gemini') return name.replace(/^models\//, '');
  if (name.startsWith('google/')) return name.slice('google/'.length);
  return invalidArgument(
    `Malformed publisher model \`${name}\` expected \`{publisher}/{model}\` format.`,
  );
}

function readChat(world: World, call: GenerateCall): JsonObject | Refusal {
  const body = parsed(call.exchange.bytes);
  if (!isObject(body)) return invalidArgument('Invalid JSON payload received.');
  const unknown = Object.keys(body).find((name) => !fields.has(name));
  if (unknown) {
    return invalidArgument(
      `Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`,
    );
  }
  const model = modelIn(body, call);
  if (typeof model !== 'string') return model;
  const route = { ...call.route, model, method: 'generateContent' };
  const missing = modelFault(world, route, call.account, 'generate');
  if (missing) return missing;
  if (objectsIn(body, 'messages').length === 0) {
    return invalidArgument('* GenerateContentRequest.contents: contents is not specified\n');
  }
  const project = call.route.project ?? call.account.project;
  return world.quotas.take(project, model, serviceOf(route.backend), world.now()) ?? body;
}

function parsed(bytes: Buffer): Json {
  try {
    return JSON.parse(bytes.toString()) as Json;
  } catch {
    return null;
  }
}

const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };

/** Its errors are the only element of an array. */
export async function answerChat(world: World, call: GenerateCall): Promise<void> {
  const { exchange, open } = call;
  const chat = readChat(world, call);
  if ('status' in chat && 'body' in chat) {
    open.call.status = chat.status as number;
    return sendRefusal(exchange, chat as unknown as Refusal, true);
  }
  const isStream = chat.stream === true;
  open.call.status = 200;
  exchange.response.writeHead(200, {
    'content-type': isStream ? 'text/event-stream' : 'application/json',
  });
  const frames = isStream ? streamOf(world, call, chat) : [JSON.stringify(wholeOf(chat))];
  open.call.answer = frames.join('');
  const { fault, hold } = call;
  await writeFrames(exchange, open, {
    frames,
    pace: world.pace,
    hold,
    cutAfter: fault?.kind === 'cut' ? (fault.after ?? 1) : undefined,
    cutInside: fault?.partial === true,
    silentAfter: fault?.kind === 'silent' ? fault.after : undefined,
  });
}

function said(chat: JsonObject): string {
  return `You said: ${textIn(objectsIn(chat, 'messages').at(-1) ?? {}, 'content') ?? ''}`;
}

function wholeOf(chat: JsonObject): JsonObject {
  const message = { role: 'assistant', content: said(chat) };
  const choices = [{ finish_reason: 'stop', index: 0, message }];
  const { model = '' } = chat;
  return { choices, created: 1, id: 'chat', model, object: 'chat.completion', usage };
}

/** Usage is told when it was asked for. */
function streamOf(world: World, { open, fault, account, route }: GenerateCall, chat: JsonObject) {
  const { model = '' } = chat;
  const chunk = (delta: JsonObject, more: JsonObject = {}): JsonObject => ({
    choices: [{ delta: { role: 'assistant', ...delta }, index: 0, ...more }],
    created: 1,
    id: 'chat',
    model,
    object: 'chat.completion.chunk',
  });
  const isUsageWanted = objectIn(chat, 'stream_options')?.include_usage === true;
  const events = (said(chat).match(/\S+\s*/g) ?? []).map((content) => chunk({ content }));
  const last = chunk({}, { finish_reason: 'stop' });
  const all = [...events, { ...last, ...(isUsageWanted && { usage }) }];
  const frames = all.map((event) => `data: ${JSON.stringify(event)}\n\n`);
  if (fault?.kind !== 'stream-error') return [...frames, 'data: [DONE]\n\n'];
  const scene = { ...open.call, account, backend: route.backend, now: world.now() };
  const { body } = streamErrorOf(fault, scene);
  return [...frames.slice(0, fault.after ?? 1), `data: ${JSON.stringify(body)}\n\n`];
}
