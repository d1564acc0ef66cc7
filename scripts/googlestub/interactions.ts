// Interactions: https://ai.google.dev/api/interactions-api. No more of them than a text in and a text out, with
// files by their addresses, kept until they are deleted.
import { invalidArgument, type Refusal, refusal } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { serviceOf } from './faults.ts';
import { isObject, type Json, type JsonObject, objectsIn, textIn } from './json.ts';
import { geminiModelMissing } from './models.ts';
import type { ResourceAnswer } from './resources.ts';
import type { Route } from './routes.ts';
import { fileOf, storedWords } from './stored.ts';
import type { World } from './world.ts';

/** As Google's SDK, @google/genai 3.3, has them. That all others are refused, and the words, is a guess. */
const fields = new Set([
  ...[
    'model',
    'agent',
    'agent_config',
    'background',
    'cached_content',
    'continuation_token',
    'input',
  ],
  ...['environment', 'generation_config', 'labels', 'previous_interaction_id', 'response_format'],
  ...[
    'response_mime_type',
    'response_modalities',
    'safety_settings',
    'service_tier',
    'store',
    'stream',
  ],
  ...['system_instruction', 'tools', 'webhook_config'],
]);

const missing = (): Refusal => refusal(404, 'Requested entity was not found.');

export function answerInteraction(
  world: World,
  exchange: Exchange,
  route: Route,
  project: string,
): ResourceAnswer | Refusal {
  const { method = 'GET' } = exchange.request;
  if (route.model === null) {
    return method === 'POST' ? created(world, exchange, route, project) : missing();
  }
  const name = nameOf(route.model);
  const kept = world.resources.kept.get(name);
  if (kept?.project !== project) return missing();
  if (method === 'DELETE') world.resources.kept.delete(name);
  return { body: method === 'DELETE' ? {} : (kept.held ?? kept.entry) };
}

const nameOf = (id: string): string => `interactions/${id}`;

/** What is said, and the addresses of the files that are shown. */
function inputOf(body: JsonObject): { readonly text: string; readonly uris: readonly string[] } {
  const { input } = body;
  if (typeof input === 'string') return { text: input, uris: [] };
  const parts = [...objectsIn(body, 'input'), ...(isObject(input) ? [input] : [])];
  const texts = parts.map((part) => textIn(part, 'text') ?? '');
  const uris = parts.flatMap((part) => textIn(part, 'uri') ?? []);
  return { text: texts.join(''), uris };
}

const modelIn = (body: JsonObject): string | undefined =>
  textIn(body, 'model')?.replace(/^models\//, '');

function modelFault(world: World, body: JsonObject, { version }: Route): Refusal | null {
  const model = modelIn(body);
  if (model === undefined) return invalidArgument('model or agent is required.');
  const task = world.models.find(({ id }) => id === model)?.task;
  return task === 'generate' ? null : geminiModelMissing(model, version, 'createInteraction');
}

/** Counted with what the model is asked otherwise: that they share a quota is a guess. */
function spent(world: World, body: JsonObject, project: string): Refusal | null {
  return world.quotas.take(project, modelIn(body) ?? '', serviceOf('gemini'), world.now());
}

function faultOf(world: World, body: JsonObject, project: string): Refusal | null {
  for (const uri of inputOf(body).uris) {
    const id = fileOf(uri);
    if (id === undefined) return storedWords.address(uri);
    if (!world.stored.has(project, `files/${id}`)) return storedWords.file(id);
  }
  const previous = textIn(body, 'previous_interaction_id');
  if (previous === undefined) return null;
  return world.resources.kept.get(nameOf(previous))?.project === project ? null : missing();
}

function created(
  world: World,
  exchange: Exchange,
  route: Route,
  project: string,
): ResourceAnswer | Refusal {
  const body = parsed(exchange.bytes);
  if (!isObject(body)) return invalidArgument('Invalid JSON payload received.');
  const stray = Object.keys(body).find((name) => !fields.has(name));
  if (stray !== undefined) {
    return invalidArgument(
      `Invalid JSON payload received. Unknown name "${stray}": Cannot find field.`,
    );
  }
  const fault =
    modelFault(world, body, route) ?? faultOf(world, body, project) ?? spent(world, body, project);
  if (fault) return fault;
  const id = `v1_Ch-${world.resources.id()}_Q`;
  const text = `You said: ${inputOf(body).text}`;
  const previous = textIn(body, 'previous_interaction_id');
  const time = new Date(world.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const begun: JsonObject = {
    id,
    object: 'interaction',
    model: body.model ?? '',
    created: time,
    updated: time,
    status: 'in_progress',
    ...(previous !== undefined && { previous_interaction_id: previous }),
  };
  const steps: JsonObject[] = [{ type: 'model_output', content: [{ type: 'text', text }] }];
  const usage = { total_input_tokens: 3, total_output_tokens: 4, total_tokens: 7 };
  const entry: JsonObject = { ...begun, status: 'completed', steps, usage };
  // Who makes one is told what came out; who gets it later, what went in as well:
  // https://ai.google.dev/gemini-api/docs/interactions-breaking-changes-may-2026
  const asked = { type: 'user_input', content: [{ type: 'text', text: inputOf(body).text }] };
  const held: JsonObject = { ...entry, steps: [asked, ...steps] };
  world.resources.kept.set(nameOf(id), { project, entry, held });
  // What runs in the background is told when it is asked for again.
  if (body.background === true) return { body: begun };
  return body.stream === true
    ? { body: {}, events: eventsOf(begun, entry, text) }
    : { body: entry };
}

function eventsOf(begun: JsonObject, entry: JsonObject, text: string): readonly string[] {
  const { id = '', status = '' } = entry;
  const events: readonly JsonObject[] = [
    { event_type: 'interaction.created', interaction: begun },
    { event_type: 'interaction.status_update', interaction_id: id, status: 'in_progress' },
    { event_type: 'step.start', index: 0, step: { type: 'model_output' } },
    ...(text.match(/\S+\s*/g) ?? []).map((piece) => ({
      event_type: 'step.delta',
      index: 0,
      delta: { type: 'text', text: piece },
    })),
    { event_type: 'step.stop', index: 0 },
    { event_type: 'interaction.completed', interaction: { ...entry, status } },
  ];
  const told = events.map(
    (event) => `event: ${event.event_type}\ndata: ${JSON.stringify(event)}\n\n`,
  );
  return [...told, 'event: done\ndata: [DONE]\n\n'];
}

function parsed(bytes: Buffer): Json {
  try {
    return JSON.parse(bytes.toString()) as Json;
  } catch {
    return null;
  }
}
