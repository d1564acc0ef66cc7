// What Google's OpenAI-compatible endpoint has besides chats: embeddings, images, models.
// https://ai.google.dev/gemini-api/docs/openai, https://ai.google.dev/api/compatibility
import type { Account } from './accounts.ts';
import { embed } from './embed.ts';
import { invalidArgument, type Refusal } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { serviceOf } from './faults.ts';
import { type JsonObject, numberIn, objectsIn, textIn } from './json.ts';
import { pixel } from './media.ts';
import { geminiModelMissing, type Model, openAiVersion, titleOf } from './models.ts';
import { isRefusal, readBody } from './openaibody.ts';
import { chatModelOf } from './openaichat.ts';
import type { Route } from './routes.ts';
import type { World } from './world.ts';

interface Asked {
  readonly world: World;
  readonly exchange: Exchange;
  readonly route: Route;
  readonly account: Account;
}

export function answerCompatible(
  world: World,
  exchange: Exchange,
  route: Route,
  account: Account,
): JsonObject | Refusal {
  const asked = { world, exchange, route, account };
  const { pathname } = exchange.url;
  if (pathname.endsWith('/embeddings')) return embeddings(asked);
  if (pathname.endsWith('/generations')) return images(asked);
  return route.model === null ? models(asked) : modelNamed(asked, route.model);
}

const missing = (model: string, method: string): Refusal =>
  geminiModelMissing(model, openAiVersion, method);

/** Counts the call, as one in the Gemini API's own form is counted. */
function counted(
  { world, account, route }: Asked,
  model: string,
  answer: JsonObject,
): JsonObject | Refusal {
  const service = serviceOf(route.backend);
  return world.quotas.take(account.project, model, service, world.now()) ?? answer;
}

// --- Embeddings ----------------------------------------------------------------------------------

/** The reference names these alone. That others are refused as in a chat is a guess. */
const embeddingFields = new Set(['model', 'input', 'encoding_format', 'dimensions']);

const requestsPlace = '* BatchEmbedContentsRequest.requests';
/** https://github.com/lingfengQAQ/webnovel-writer/pull/51 */
const emptyPart = '* EmbedContentRequest.content contains an empty Part.';

/** Numbers of tokens, which OpenAI takes, stand for nothing here. The words are a guess. */
const notTexts =
  "Invalid value at 'input' (type.googleapis.com/google.protobuf.Value), expected text";

/** The texts, or what is wrong with how they are asked for. */
function textsIn({ input, encoding_format: format = 'float' }: JsonObject): string[] | string {
  if (format !== 'float' && format !== 'base64') {
    return `Invalid encoding_format: ${JSON.stringify(format)}`;
  }
  const texts = Array.isArray(input) ? input : [input];
  if (texts.length === 0) return `${requestsPlace}: requests is not specified\n`;
  if (!texts.every((text) => typeof text === 'string')) return notTexts;
  return texts.includes('') ? emptyPart : texts;
}

function embeddings(asked: Asked): JsonObject | Refusal {
  const { world, exchange, route } = asked;
  const body = readBody(exchange, (name) => embeddingFields.has(name));
  if (isRefusal(body)) return body;
  const model = chatModelOf(body) ?? '';
  if (world.models.find(({ id }) => id === model)?.task !== 'embed') {
    return missing(model, 'embedContent');
  }
  const texts = textsIn(body);
  if (typeof texts === 'string') return invalidArgument(texts);
  const native = { ...route, model, method: 'batchEmbedContents' };
  const made = embed(batchOf(body, model, texts), native);
  return isRefusal(made) ? made : counted(asked, model, embeddingsIn(made, body));
}

/** As OpenAI tells them. Whether tokens are counted is not known: so they aren't. */
function embeddingsIn(made: JsonObject, { model = '', encoding_format: format }: JsonObject) {
  const data = objectsIn(made, 'embeddings').map(({ values }, index) => ({
    object: 'embedding',
    embedding: format === 'base64' ? base64Of(values as number[]) : (values ?? []),
    index,
  }));
  return { object: 'list', data, model };
}

/** As the request in the Gemini API's own form, by which errors name its places (StarTrail-org/LEANN#214). */
function batchOf(body: JsonObject, model: string, texts: readonly string[]): JsonObject {
  const outputDimensionality = numberIn(body, 'dimensions');
  const requests = texts.map((text) => ({
    model: `models/${model}`,
    content: { parts: [{ text }] },
    ...(outputDimensionality !== undefined && { outputDimensionality }),
  }));
  return { requests };
}

function base64Of(values: readonly number[]): string {
  return Buffer.from(new Float32Array(values).buffer).toString('base64');
}

// --- Images --------------------------------------------------------------------------------------

/** Imagen's models, and those of Gemini that draw. */
function draws(world: World, { id, task }: Model): boolean {
  return task === 'predict' || world.families.of(id).makes === 'images';
}

/** What is known of the fields is their names; ranges are Imagen's, and the words are a guess. */
function imageFault(body: JsonObject): string | null {
  const { n = 1, size = '1024x1024', response_format: format = 'b64_json' } = body;
  if (!textIn(body, 'prompt')) return 'prompt is not specified';
  if (!Number.isInteger(n) || Number(n) < 1 || Number(n) > 4) return 'n must be between 1 and 4';
  if (format !== 'b64_json') return `Unsupported response_format: ${JSON.stringify(format)}`;
  const isSize = typeof size === 'string' && /^(?:auto|\d+x\d+)$/.test(size);
  return isSize ? null : `Unsupported size: ${JSON.stringify(size)}`;
}

/** "Any other parameters not listed here are silently ignored." */
function images(asked: Asked): JsonObject | Refusal {
  const { world, exchange } = asked;
  const body = readBody(exchange, () => true);
  if (isRefusal(body)) return body;
  const model = chatModelOf(body) ?? '';
  const known = world.models.find(({ id }) => id === model);
  // So it was told of a model that draws nothing: "is not supported for predict".
  if (!known || !draws(world, known)) return missing(model, 'predict');
  const fault = imageFault(body);
  if (fault !== null) return invalidArgument(fault);
  const data = Array.from({ length: Number(body.n ?? 1) }, () => ({ b64_json: pixel }));
  return counted(asked, model, { data, model });
}

// --- Models --------------------------------------------------------------------------------------

/** As its callers parse it: `models/` stands in front, and no date is told. */
const entryOf = ({ id }: Model): JsonObject => ({
  id: `models/${id}`,
  object: 'model',
  owned_by: 'google',
  display_name: titleOf(id),
});

const models = ({ world }: Asked): JsonObject => ({
  object: 'list',
  data: world.models.map(entryOf),
});

function modelNamed({ world }: Asked, name: string): JsonObject | Refusal {
  const id = name.replace(/^models\//, '');
  const model = world.models.find((each) => each.id === id);
  return model ? entryOf(model) : missing(id, 'generateContent');
}
