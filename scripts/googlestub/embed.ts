import { createHash } from 'node:crypto';
import { invalidArgument, type Refusal } from './errors.ts';
import { type JsonObject, numberIn, objectIn, objectsIn, textIn } from './json.ts';
import { geminiModelMissing } from './models.ts';
import type { Route } from './routes.ts';
import { tokensOf } from './usage.ts';

/**
 * What embedding models take. Sources: https://ai.google.dev/api/embeddings,
 * https://ai.google.dev/gemini-api/docs/embeddings and
 * https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api, with
 * Google's words as its callers quote them; where those leave a thing open, it is refused.
 */
interface Embedder {
  readonly pattern: RegExp;
  /** Vertex AI's verb. */
  readonly verb: 'predict' | 'embedContent';
  /** Texts of one prediction. */
  readonly instances: number;
  readonly dimensions: number;
  readonly leastDimensions: number;
  /** Tokens of one text. */
  readonly tokens: number;
  /** Whether it has tasks as a field; else they are words in front of the text. */
  readonly tasks: boolean;
  /** Whether the Gemini API counts its tokens. */
  readonly counts: boolean;
}

const embedders: readonly Embedder[] = [
  {
    pattern: /^gemini-embedding-001$/,
    verb: 'predict',
    instances: 1,
    dimensions: 3072,
    leastDimensions: 128,
    tokens: 2048,
    tasks: true,
    counts: false,
  },
  {
    pattern: /^gemini-embedding-/,
    verb: 'embedContent',
    instances: 1,
    dimensions: 3072,
    leastDimensions: 128,
    tokens: 8192,
    tasks: false,
    counts: true,
  },
];

const older: Embedder = {
  pattern: /^/,
  verb: 'predict',
  instances: 250,
  dimensions: 768,
  leastDimensions: 1,
  tokens: 2048,
  tasks: true,
  counts: false,
};

const embedderOf = (model: string): Embedder =>
  embedders.find(({ pattern }) => pattern.test(model)) ?? older;

const mostOfBatch = 100;
const mostTokensOfPrediction = 20_000;
const learnMore =
  'Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings';

/** One text, and how it is to be embedded. */
interface Wanted {
  readonly text: string;
  readonly task: string | undefined;
  readonly title: string | undefined;
  readonly dimensions: number | undefined;
  /** Vertex AI cuts what is too long unless it is told otherwise. */
  readonly cuts: boolean;
}

/** `embedContent`, `batchEmbedContents` and `predict`, of a model that embeds. */
export function embed(request: JsonObject, route: Route): JsonObject | Refusal {
  const model = route.model ?? '';
  const embedder = embedderOf(model);
  const wrong = verbFault(embedder, route);
  if (wrong) return wrong;
  switch (route.method) {
    case 'predict':
      return predicted(request, embedder);
    case 'batchEmbedContents':
      return batch(request, route, embedder);
    default:
      return single(request, route, embedder);
  }
}

function verbFault({ verb }: Embedder, { backend, model, method, version }: Route): Refusal | null {
  if (backend === 'gemini') {
    return method === 'predict' ? geminiModelMissing(model ?? '', version, 'predict') : null;
  }
  if (method === verb) return null;
  const error = { code: 400, message: 'Precondition check failed.', status: 'FAILED_PRECONDITION' };
  return { status: 400, body: { error } };
}

const isRefusal = (found: string | Wanted): found is string => typeof found === 'string';

function predicted(request: JsonObject, embedder: Embedder): JsonObject | Refusal {
  const instances = objectsIn(request, 'instances');
  if (instances.length === 0) return invalidArgument('Empty instances.');
  if (instances.length > embedder.instances) {
    return tooManyInstances(instances.length, embedder.instances);
  }
  const parameters = objectIn(request, 'parameters') ?? {};
  const stray = [
    ...unknownIn(parameters, ['outputDimensionality', 'autoTruncate']),
    ...instances.flatMap((each) => unknownIn(each, ['content', 'title', 'task_type'])),
  ];
  if (stray[0] !== undefined) return invalidArgument(`Unknown field for prediction: ${stray[0]}`);
  const wanted = instances.map(
    (instance): Wanted => ({
      text: textIn(instance, 'content') ?? '',
      task: textIn(instance, 'task_type'),
      title: textIn(instance, 'title'),
      dimensions: numberIn(parameters, 'outputDimensionality'),
      cuts: parameters.autoTruncate !== false,
    }),
  );
  const fault = wanted.map((each) => faultOf(each, embedder)).find((each) => each !== null);
  if (fault) return invalidArgument(fault);
  const tokens = wanted.reduce((sum, { text }) => sum + tokensOf(text), 0);
  if (tokens > mostTokensOfPrediction) {
    return invalidArgument(
      `Unable to submit request because the input token count is ${tokens} but the model supports ` +
        `up to ${mostTokensOfPrediction}. Reduce the input token count and try again. ${learnMore}`,
    );
  }
  const billableCharacterCount = wanted.reduce((sum, { text }) => sum + text.length, 0);
  return {
    predictions: wanted.map((each) => predictionFor(each, embedder)),
    metadata: { billableCharacterCount },
  };
}

function predictionFor(wanted: Wanted, embedder: Embedder): JsonObject {
  const count = Math.min(tokensOf(wanted.text), embedder.tokens);
  const statistics = { token_count: count, truncated: count < tokensOf(wanted.text) };
  // Its floats are told as doubles, in all of their digits: 0.010502313263714314.
  const values = vector(wanted, embedder).map(Math.fround);
  return { embeddings: { statistics, values } };
}

/** What Vertex AI answers to a prediction of these texts by themselves. */
export function predictionOf(texts: readonly string[], model: string): JsonObject {
  const plain = { task: undefined, title: undefined, dimensions: undefined, cuts: true };
  const embedder = embedderOf(model);
  return { predictions: texts.map((text) => predictionFor({ ...plain, text }, embedder)) };
}

function tooManyInstances(count: number, most: number): Refusal {
  if (most > 1) {
    return invalidArgument(`${most} instance(s) is allowed per prediction. Actual: ${count}`);
  }
  return invalidArgument(
    'Unable to submit request because it included too many instances. Reduce the number of ' +
      `instances and try again. ${learnMore}: Unable to submit request because batchSize must be ` +
      `1 but the entered value was ${count}. Update the batchSize value and try again.`,
  );
}

const unknownIn = (holder: JsonObject, known: readonly string[]): string[] =>
  Object.keys(holder).filter((name) => !known.includes(name));

function batch(request: JsonObject, route: Route, embedder: Embedder): JsonObject | Refusal {
  const requests = objectsIn(request, 'requests');
  const wrong = requests.findIndex(({ model }) => model !== `models/${route.model}`);
  if (wrong >= 0) {
    const text = 'model must match the model in the URL';
    return invalidArgument(`* BatchEmbedContentsRequest.requests[${wrong}].model: ${text}\n`);
  }
  if (requests.length === 0) {
    return invalidArgument('* BatchEmbedContentsRequest.requests: requests is not specified\n');
  }
  if (requests.length > mostOfBatch) {
    const text = `at most ${mostOfBatch} requests can be in one batch`;
    return invalidArgument(`* BatchEmbedContentsRequest.requests: ${text}\n`);
  }
  const wanted = requests.map((inner, index) => wantedOf(inner, embedder, index));
  const fault = wanted.find(isRefusal);
  if (fault !== undefined) return invalidArgument(fault);
  const sound = wanted.filter((each): each is Wanted => !isRefusal(each));
  const embeddings = sound.map((each) => ({ values: vector(each, embedder) }));
  return { embeddings, ...usageOf(sound, embedder) };
}

function single(request: JsonObject, route: Route, embedder: Embedder): JsonObject | Refusal {
  if (request.model !== undefined && request.model !== `models/${route.model}`) {
    return invalidArgument('* EmbedContentRequest.model: model must match the model in the URL\n');
  }
  const wanted = wantedOf(request, embedder);
  if (isRefusal(wanted)) return invalidArgument(wanted);
  const embedding = { values: vector(wanted, embedder) };
  const answer = { embedding, ...usageOf([wanted], embedder) };
  return route.backend === 'gemini' ? answer : { ...answer, truncated: false };
}

/** It tells a total to some only. */
function usageOf(wanted: readonly Wanted[], { counts }: Embedder): JsonObject {
  if (!counts) return {};
  const tokens = wanted.reduce((sum, { text }) => sum + tokensOf(text), 0);
  const promptTokensDetails = [{ modality: 'TEXT', tokenCount: tokens }];
  return { usageMetadata: { promptTokenCount: tokens, promptTokensDetails } };
}

/** What a message asks for, or why that can't be had. */
function wantedOf(request: JsonObject, embedder: Embedder, index?: number): Wanted | string {
  const place =
    index === undefined ? 'EmbedContentRequest' : `BatchEmbedContentsRequest.requests[${index}]`;
  const parts = objectsIn(objectIn(request, 'content') ?? {}, 'parts');
  const text = parts.map((part) => textIn(part, 'text') ?? JSON.stringify(part)).join('\n');
  // https://github.com/lingfengQAQ/webnovel-writer/pull/51 quotes it of the second.
  if (parts.length === 0) return `* ${place}.content: content is empty\n`;
  if (text === '') return `* ${place}.content contains an empty Part.`;
  const config = objectIn(request, 'embedContentConfig') ?? request;
  const wanted: Wanted = {
    text,
    task: textIn(config, 'taskType'),
    title: textIn(config, 'title'),
    dimensions: numberIn(config, 'outputDimensionality'),
    cuts: config.autoTruncate !== false,
  };
  const fault = faultOf(wanted, embedder);
  return fault === null ? wanted : `* ${place}.${fault}\n`;
}

function dimensionsFault(
  wanted: number,
  { dimensions: most, leastDimensions: least }: Embedder,
): string | null {
  if (wanted >= least && wanted <= most) return null;
  return `output_dimensionality: output_dimensionality must be between ${least} and ${most}`;
}

function faultOf(wanted: Wanted, embedder: Embedder): string | null {
  const { tasks, tokens } = embedder;
  const { text, task, title, dimensions, cuts } = wanted;
  if (text === '') return 'The text content is empty.';
  if (!tasks && task !== undefined) return 'task_type: task_type is not supported for this model';
  if (title !== undefined && task !== 'RETRIEVAL_DOCUMENT') {
    return 'title: title can only be set when task_type is RETRIEVAL_DOCUMENT';
  }
  const wrong = dimensions === undefined ? null : dimensionsFault(dimensions, embedder);
  if (wrong !== null) return wrong;
  if (!cuts && tokensOf(text) > tokens) {
    return (
      `Unable to submit request because the input token count is ${tokensOf(text)} but the model ` +
      `supports up to ${tokens}. Reduce the input token count and try again.`
    );
  }
  return null;
}

/**
 * The same text always has the same vector for the same task; only one of all dimensions is of
 * length 1.
 */
function vector({ text, task, dimensions }: Wanted, { dimensions: full }: Embedder): number[] {
  const values: number[] = [];
  const seed = task === undefined ? text : `${task}:${text}`;
  for (let block = 0; values.length < full; block += 1) {
    const bytes = createHash('sha512').update(`${block}:${seed}`).digest();
    for (const byte of bytes) values.push(byte - 127.5);
  }
  const length = Math.hypot(...values.slice(0, full));
  return values
    .slice(0, Math.min(dimensions ?? full, full))
    .map((value) => Number((value / length).toPrecision(8)));
}
