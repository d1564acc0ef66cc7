import type { Account } from './accounts.ts';
import { partsOf } from './calls.ts';
import { embed } from './embed.ts';
import { invalidArgument, type Refusal } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { serviceOf } from './faults.ts';
import { type JsonObject, objectIn, objectsIn, textIn } from './json.ts';
import { readMessage } from './message.ts';
import type { Route } from './routes.ts';
import { detailsOf, promptTokens, sumOf, tokenTexts } from './usage.ts';
import { modelFault } from './validate.ts';
import type { World } from './world.ts';

/** `countTokens`, Vertex AI's `computeTokens`, and the three ways to embed. */
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
  if ('refusal' in read) return read.refusal;
  const answer = measured(read.request, route);
  if (task === 'generate' || 'status' in answer) return answer;
  const project = route.project ?? account.project;
  const service = serviceOf(route.backend);
  return world.quotas.take(project, route.model ?? '', service, world.now()) ?? answer;
}

const messages: Readonly<Record<string, string>> = {
  countTokens: 'CountTokensRequest',
  computeTokens: 'ComputeTokensRequest',
  embedContent: 'EmbedContentRequest',
  batchEmbedContents: 'BatchEmbedContentsRequest',
  predict: 'PredictRequest',
};

function measured(request: JsonObject, route: Route): JsonObject | Refusal {
  if (route.method === 'computeTokens') return computed(request);
  return route.kind === 'count' ? counted(request, route) : embed(request, route);
}

const countFault = (place: string, text: string): Refusal =>
  invalidArgument(`* CountTokensRequest.${place}: ${text}\n`);

/** Of a whole request, which repeats the model. https://github.com/googleapis/python-genai/issues/432 */
function wholeFault(inner: JsonObject, { model }: Route): Refusal | null {
  const place = 'generate_content_request.model';
  const named = textIn(inner, 'model');
  if (!named) return countFault(place, 'model is not specified');
  if (!/^models\/[^/]+$/.test(named)) return countFault(place, 'unexpected model name format');
  // That another one is refused, and in which words, is a guess.
  return named === `models/${model}`
    ? null
    : countFault(place, 'model must match the model in the URL');
}

function counted(request: JsonObject, route: Route): JsonObject | Refusal {
  const whole = objectIn(request, 'generateContentRequest');
  const fault = whole ? wholeFault(whole, route) : null;
  if (fault) return fault;
  const inner = whole ?? request;
  if (objectsIn(inner, 'contents').length === 0) {
    const place = whole ? 'generate_content_request.contents' : 'contents';
    return countFault(place, 'contents is not specified');
  }
  const tokens = promptTokens(inner);
  return { totalTokens: sumOf(tokens), promptTokensDetails: detailsOf(tokens) };
}

/**
 * Each content's tokens, and a number for each:
 * https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.publishers.models/computeTokens
 */
function computed(request: JsonObject): JsonObject {
  const tokensInfo = objectsIn(request, 'contents').map((content) => {
    const texts = partsOf(content).flatMap((part) => tokenTexts(textIn(part, 'text') ?? ''));
    return {
      role: textIn(content, 'role') ?? 'user',
      tokens: texts.map((text) => Buffer.from(text).toString('base64')),
      // JSON has no integers of 64 bits, so Google writes texts.
      tokenIds: texts.map((text) =>
        String([...Buffer.from(text)].reduce((sum, byte) => sum + byte)),
      ),
    };
  });
  return { tokensInfo };
}
