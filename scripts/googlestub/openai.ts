// Google's OpenAI-compatible endpoint: https://ai.google.dev/gemini-api/docs/openai,
// https://cloud.google.com/vertex-ai/generative-ai/docs/start/openai. Here are its chats, with no more of their
// fields than these; the rest is in compatible.ts.
import { type PlannedCall, plannedCalls, type Speech } from './calls.ts';
import { invalidArgument, type Refusal } from './errors.ts';
import { sendRefusal, writeFrames } from './exchange.ts';
import type { ApiBackend } from './families.ts';
import { serviceOf, streamErrorOf } from './faults.ts';
import type { GenerateCall } from './generate.ts';
import { type JsonObject, objectIn, objectsIn, textIn } from './json.ts';
import { openAiVersion } from './models.ts';
import { isRefusal, readBody } from './openaibody.ts';
import { chatFault, chatModelOf, generateRequestOf } from './openaichat.ts';
import { ruleFault } from './rules.ts';
import { storedFault } from './stored.ts';
import { sliceAt } from './stream.ts';
import { modelFault, signerOf } from './validate.ts';
import type { World } from './world.ts';

const fields = new Set([
  ...['model', 'messages', 'stream', 'stream_options', 'tools', 'tool_choice', 'n', 'stop'],
  ...['temperature', 'top_p', 'max_tokens', 'max_completion_tokens', 'reasoning_effort'],
  ...['response_format', 'extra_body', 'user'],
]);

/** A chat that has passed every rule. */
interface Chat {
  readonly body: JsonObject;
  /** What it stands for. */
  readonly request: JsonObject;
  /** As the body names it. */
  readonly model: string;
  /** The route of the model that it is for. */
  readonly call: GenerateCall;
}

type Read = { readonly chat: Chat } | { readonly refusal: Refusal };

const refusedAs = (refusal: Refusal): Read => ({ refusal });

/** Vertex AI alone takes top-level extras. */
const knows =
  ({ route }: GenerateCall) =>
  (name: string): boolean =>
    fields.has(name) || (name === 'google' && route.backend === 'vertex');

function readChat(world: World, call: GenerateCall): Read {
  const body = readBody(call.exchange, knows(call));
  if (isRefusal(body)) return refusedAs(body);
  const model = textIn(body, 'model') ?? '';
  if (call.route.backend === 'vertex' && !model.startsWith('google/')) {
    const form = 'expected `{publisher}/{model}` format.';
    return refusedAs(invalidArgument(`Malformed publisher model \`${model}\` ${form}`));
  }
  const version = call.route.backend === 'gemini' ? openAiVersion : call.route.version;
  const route = { ...call.route, version, model: chatModelOf(body), method: 'generateContent' };
  const request = generateRequestOf(body, world.families.of(route.model ?? ''));
  const chat = { body, model, request, call: { ...call, route } };
  const refused = faultOf(world, chat);
  return refused ? refusedAs(refused) : { chat };
}

function faultOf(world: World, { body, request, call }: Chat): Refusal | null {
  const { route, account } = call;
  const missing = modelFault(world, route, account, 'generate');
  if (missing) return missing;
  if (objectsIn(body, 'messages').length === 0) {
    return invalidArgument('* GenerateContentRequest.contents: contents is not specified\n');
  }
  const model = route.model ?? '';
  const signer = signerOf(world.families, route, account);
  const family = world.families.of(model);
  const fault =
    chatFault(body, family) ??
    ruleFault({
      request,
      model,
      family,
      backend: route.backend as ApiBackend,
      streaming: body.stream === true,
      acceptsSignature: (signature, part) => world.signatures.accepts(signature, signer, part),
    });
  if (fault !== null) return invalidArgument(fault);
  const project = route.project ?? account.project;
  return (
    storedFault(world.stored, request, route, project) ??
    world.quotas.take(project, model, serviceOf(route.backend), world.now())
  );
}

const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };

/** Its errors are the only element of an array. */
export async function answerChat(world: World, call: GenerateCall): Promise<void> {
  const { exchange, open, fault, hold } = call;
  const read = readChat(world, call);
  if ('refusal' in read) {
    open.call.status = read.refusal.status;
    return sendRefusal(exchange, read.refusal, true);
  }
  world.served += 1;
  open.call.status = 200;
  const frames = framesOf(world, call, read.chat);
  const isStream = read.chat.body.stream === true;
  exchange.response.writeHead(200, {
    'content-type': isStream ? 'text/event-stream' : 'application/json; charset=UTF-8',
  });
  open.call.answer = frames.map(String).join('');
  await writeFrames(exchange, open, {
    frames,
    pace: world.pace,
    hold,
    cutAfter: fault?.kind === 'cut' ? (fault.after ?? 1) : undefined,
    cutInside: fault?.partial === true,
    silentAfter: fault?.kind === 'silent' ? fault.after : undefined,
  });
}

function framesOf(world: World, call: GenerateCall, chat: Chat): (string | Uint8Array)[] {
  const scripted = world.scripts.answers.take(call.open.call);
  const answer = typeof scripted === 'function' ? scripted(chat.request, call.open.call) : scripted;
  if (answer && 'bytes' in answer) {
    const { bytes, cuts } = answer;
    return sliceAt(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, cuts ?? []);
  }
  const speech = speechOf(world, chat);
  return chat.body.stream === true
    ? streamOf(world, call, chat, speech)
    : [JSON.stringify(wholeOf(world, chat, speech))];
}

function speechOf(world: World, { body, request }: Chat): Speech {
  const played = world.play?.(request);
  if (played) return played;
  const calls = plannedCalls(request);
  const last = textIn(objectsIn(body, 'messages').at(-1) ?? {}, 'content') ?? '';
  return { calls, text: calls.length > 0 ? '' : `You said: ${last}` };
}

/** The first of several is signed. */
function toolCall(
  world: World,
  { call: { route, account } }: Chat,
  { name, args }: PlannedCall,
  at: number,
) {
  const signer = signerOf(world.families, route, account);
  const signature = world.signatures.make(signer, { functionCall: { name, args } });
  return {
    id: `function-call-${world.served}-${at}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
    ...(at === 0 && { extra_content: { google: { thought_signature: signature } } }),
  };
}

const finishOf = ({ calls }: Speech): string => (calls.length > 0 ? 'tool_calls' : 'stop');

function wholeOf(world: World, chat: Chat, speech: Speech): JsonObject {
  const tool_calls = speech.calls.map((call, at) => toolCall(world, chat, call, at));
  const message: JsonObject = {
    ...(speech.text !== '' && { content: speech.text }),
    role: 'assistant',
    ...(tool_calls.length > 0 && { tool_calls }),
  };
  const choices = [{ finish_reason: finishOf(speech), index: 0, message }];
  const { model } = chat;
  return { choices, created: 1, id: 'chat', model, object: 'chat.completion', usage };
}

/** Usage is told when it was asked for. */
function streamOf(
  world: World,
  { open, fault, account, route }: GenerateCall,
  chat: Chat,
  speech: Speech,
): string[] {
  const chunk = (delta: JsonObject, more: JsonObject = {}): JsonObject => ({
    choices: [{ delta: { role: 'assistant', ...delta }, index: 0, ...more }],
    created: 1,
    id: 'chat',
    model: chat.model,
    object: 'chat.completion.chunk',
  });
  const isUsageWanted = objectIn(chat.body, 'stream_options')?.include_usage === true;
  const texts = (speech.text.match(/\S+\s*/g) ?? []).map((content) => chunk({ content }));
  const calls = speech.calls.map((call, index) =>
    chunk({ tool_calls: [{ index, ...toolCall(world, chat, call, index) }] }),
  );
  const last = chunk({}, { finish_reason: finishOf(speech) });
  const all = [...texts, ...calls, { ...last, ...(isUsageWanted && { usage }) }];
  const frames = all.map((event) => `data: ${JSON.stringify(event)}\n\n`);
  if (fault?.kind !== 'stream-error') return [...frames, 'data: [DONE]\n\n'];
  const scene = { ...open.call, account, backend: route.backend, now: world.now() };
  const { body } = streamErrorOf(fault, scene);
  return [...frames.slice(0, fault.after ?? 1), `data: ${JSON.stringify(body)}\n\n`];
}
