import { createHash } from 'node:crypto';
import type { Account } from './accounts.ts';
import { invalidArgument, type Refusal } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { type Json, type JsonObject, numberIn, objectIn, objectsIn, textIn } from './json.ts';
import type { Route } from './routes.ts';
import { detailsOf, promptTokens, sumOf, tokensOf } from './usage.ts';
import { modelFault, readMessage } from './validate.ts';
import type { World } from './world.ts';

const fullDimensions = 3072;

/** `countTokens`, and the three ways to embed. */
export function measure(
  world: World,
  exchange: Exchange,
  route: Route,
  account: Account,
): JsonObject | Refusal {
  const task = route.kind === 'count' ? 'generate' : 'embed';
  const missing = modelFault(world, route, account, task);
  if (missing) return missing;
  const read = readMessage(world, exchange, route, messages[route.method ?? ''] ?? '');
  return 'refusal' in read ? read.refusal : measured(read.request, route);
}

const messages: Readonly<Record<string, string>> = {
  countTokens: 'CountTokensRequest',
  embedContent: 'EmbedContentRequest',
  batchEmbedContents: 'BatchEmbedContentsRequest',
  predict: 'PredictRequest',
};

function measured(request: JsonObject, route: Route): JsonObject | Refusal {
  switch (route.method) {
    case 'countTokens':
      return counted(request);
    case 'predict':
      return predicted(request);
    case 'batchEmbedContents':
      return batch(request, route);
    default:
      return embedded(request, route);
  }
}

function counted(request: JsonObject): JsonObject | Refusal {
  const inner = objectIn(request, 'generateContentRequest') ?? request;
  if (objectsIn(inner, 'contents').length === 0) {
    return invalidArgument('* CountTokensRequest.contents: contents is not specified\n');
  }
  const tokens = promptTokens(inner);
  return { totalTokens: sumOf(tokens), promptTokensDetails: detailsOf(tokens) };
}

/** https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api */
function predicted(request: JsonObject): JsonObject | Refusal {
  const instances = objectsIn(request, 'instances');
  if (instances.length === 0) return invalidArgument('Empty instances.');
  const dimensions = numberIn(objectIn(request, 'parameters') ?? {}, 'outputDimensionality');
  const predictions = instances.map((instance) => {
    const text = textIn(instance, 'content') ?? '';
    const statistics = { token_count: tokensOf(text), truncated: false };
    return { embeddings: { values: vector(text, dimensions), statistics } };
  });
  return { predictions };
}

function batch(request: JsonObject, route: Route): JsonObject | Refusal {
  const requests = objectsIn(request, 'requests');
  const wrong = requests.find(({ model }) => model !== `models/${route.model}`);
  if (requests.length === 0 || wrong) {
    const text = 'model must match the model in the URL';
    return invalidArgument(`* BatchEmbedContentsRequest.requests[0].model: ${text}\n`);
  }
  const vectors = requests.map((inner) => embedded(inner, route));
  const refused = vectors.find((vectorOrRefusal) => 'status' in vectorOrRefusal);
  if (refused) return refused;
  return { embeddings: vectors.map((inner) => (inner as JsonObject).embedding ?? null) };
}

function embedded(request: JsonObject, route: Route): JsonObject | Refusal {
  const parts = objectsIn(objectIn(request, 'content') ?? {}, 'parts');
  if (parts.length === 0) {
    return invalidArgument('* EmbedContentRequest.content: content is empty\n');
  }
  const config = objectIn(request, 'embedContentConfig') ?? request;
  const text = parts.map((part) => textIn(part, 'text') ?? JSON.stringify(part)).join('\n');
  const embedding = { values: vector(text, numberIn(config, 'outputDimensionality')) };
  if (route.backend === 'gemini') return { embedding };
  const usageMetadata = { promptTokenCount: tokensOf(text), totalTokenCount: tokensOf(text) };
  return { embedding, usageMetadata, truncated: false };
}

/** The same text always has the same vector; only a full-length one is of length 1. */
function vector(text: string, dimensions = fullDimensions): Json[] {
  const values: number[] = [];
  for (let block = 0; values.length < fullDimensions; block += 1) {
    const bytes = createHash('sha512').update(`${block}:${text}`).digest();
    for (const byte of bytes) values.push(byte - 127.5);
  }
  const length = Math.hypot(...values);
  return values.slice(0, dimensions).map((value) => value / length);
}
