import type { Account } from './accounts.ts';
import { partsOf } from './calls.ts';
import { counted } from './count.ts';
import { embed } from './embed.ts';
import type { Refusal } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { serviceOf } from './faults.ts';
import { type JsonObject, objectsIn, textIn } from './json.ts';
import { readMessage } from './message.ts';
import type { Route } from './routes.ts';
import { tokenTexts } from './usage.ts';
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
  const project = route.project ?? account.project;
  const answer = measured(world, read.request, route, project);
  if (task === 'generate' || 'status' in answer) return answer;
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

function measured(
  world: World,
  request: JsonObject,
  route: Route,
  project: string,
): JsonObject | Refusal {
  if (route.method === 'computeTokens') return computed(request);
  return route.kind === 'count' ? counted(world, request, route, project) : embed(request, route);
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
