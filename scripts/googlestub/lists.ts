import type { Account } from './accounts.ts';
import { htmlPage, type Refusal } from './errors.ts';
import type { JsonObject } from './json.ts';
import {
  geminiModel,
  geminiModelMissing,
  pageOf,
  vertexModel,
  vertexModelMissing,
} from './models.ts';
import type { Route } from './routes.ts';
import type { World } from './world.ts';

const geminiPage = 50;
const vertexPage = 10;

/** The back-ends' model lists, page by page, and single entries. */
export function listOf(
  world: World,
  route: Route,
  account: Account,
  query: URLSearchParams,
): JsonObject | Refusal {
  if (route.kind === 'get') return entryOf(world, route, account);
  const gemini = route.backend === 'gemini';
  const page = pageOf(world.models, query, gemini ? geminiPage : vertexPage);
  if ('status' in page) return page;
  const entries = page.models.map(gemini ? geminiModel : vertexModel);
  const list: JsonObject = { [gemini ? 'models' : 'publisherModels']: entries };
  if (page.nextPageToken) list.nextPageToken = page.nextPageToken;
  return list;
}

function entryOf(world: World, route: Route, account: Account): JsonObject | Refusal {
  const model = world.models.find(({ id }) => id === route.model);
  if (route.backend === 'gemini') {
    if (model) return geminiModel(model);
    return geminiModelMissing(route.model ?? '', route.version, 'generateContent');
  }
  if (model) return vertexModel(model);
  return vertexModelMissing(account.project, 'global', route.model ?? '');
}

export function nothingHere(): Refusal {
  return htmlPage(404, 'Not Found');
}
