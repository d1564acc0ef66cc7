import { invalidArgument, type Refusal } from './errors.ts';
import type { ApiBackend } from './families.ts';
import { type JsonObject, objectIn, objectsIn, textIn } from './json.ts';
import { calledNamesFault } from './names.ts';
import { cacheModelFault, dropExpired, unreadyFault, withCached } from './resources.ts';
import type { Route } from './routes.ts';
import type { Scene } from './rules.ts';
import { storedFault } from './stored.ts';
import { toolsFault } from './tools.ts';
import { turnsFault } from './turns.ts';
import { detailsOf, promptTokens, sumOf } from './usage.ts';
import type { World } from './world.ts';

const wholeField = 'generate_content_request';

const countFault = (place: string, text: string): Refusal =>
  invalidArgument(`* CountTokensRequest.${place}: ${text}\n`);

/** `countTokens`, of contents or of a whole request. */
export function counted(
  world: World,
  request: JsonObject,
  route: Route,
  project: string,
): JsonObject | Refusal {
  const whole = objectIn(request, 'generateContentRequest');
  const inner = whole ?? request;
  const place = whole ? `${wholeField}.` : '';
  dropExpired(world);
  const seen = withCached(world, inner, project);
  const fault =
    (whole ? modelFault(whole, route) : null) ??
    contentsFault(seen, place) ??
    ruleFault(world, seen, route, place) ??
    storedFault(world.stored, inner, route, project) ??
    cacheModelFault(world, inner, route) ??
    unreadyFault(world, inner);
  if (fault) return fault;
  const tokens = promptTokens(seen);
  return { totalTokens: sumOf(tokens), promptTokensDetails: detailsOf(tokens) };
}

/** Of a whole request, which repeats the model. https://github.com/googleapis/python-genai/issues/432 */
function modelFault(inner: JsonObject, { model }: Route): Refusal | null {
  const place = `${wholeField}.model`;
  const named = textIn(inner, 'model');
  if (!named) return countFault(place, 'model is not specified');
  if (!/^models\/[^/]+$/.test(named)) return countFault(place, 'unexpected model name format');
  // That another one is refused, and in which words, is a guess.
  return named === `models/${model}`
    ? null
    : countFault(place, 'model must match the model in the URL');
}

function contentsFault(request: JsonObject, place: string): Refusal | null {
  if (objectsIn(request, 'contents').length > 0) return null;
  return countFault(`${place}contents`, 'contents is not specified');
}

/**
 * What is refused of a request's turns and tools is refused of one that is to be counted: the prompt is made as if
 * to be answered. That it is, in which order, and how the message is named, is a guess.
 */
function ruleFault(world: World, request: JsonObject, route: Route, place: string): Refusal | null {
  const model = route.model ?? '';
  const scene: Scene = {
    request,
    model,
    family: world.families.of(model),
    backend: route.backend as ApiBackend,
    streaming: false,
    acceptsSignature: () => true,
  };
  const said = turnsFault(scene) ?? calledNamesFault(scene) ?? toolsFault(scene);
  return said === null ? null : invalidArgument(named(said, place));
}

/** With this message's name in place of that of a request to be answered. */
function named(said: string, place: string): string {
  return said
    .replaceAll('* GenerateContentRequest.', `* CountTokensRequest.${place}`)
    .replace(/^The GenerateContentRequest proto/, 'The CountTokensRequest proto');
}
