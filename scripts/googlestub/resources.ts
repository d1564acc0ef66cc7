import type { Account } from './accounts.ts';
import { invalidArgument, type Refusal } from './errors.ts';
import { type Exchange, objectBody } from './exchange.ts';
import type { ApiBackend } from './families.ts';
import { answerInteraction } from './interactions.ts';
import { type JsonObject, objectsIn, textIn } from './json.ts';
import { nothingHere } from './lists.ts';
import { readMessage } from './message.ts';
import { geminiModelMissing, vertexModelMissing } from './models.ts';
import { numbered } from './projects.ts';
import type { Route } from './routes.ts';
import { heldFault, type Scene } from './rules.ts';
import { filesFault, fileUris, storedWords } from './stored.ts';
import { timestamp } from './timestamp.ts';
import { type Upload, uploaded } from './uploads.ts';
import { promptTokens, sumOf } from './usage.ts';
import type { World } from './world.ts';

/** What answers a call to what belongs to a project. */
export interface ResourceAnswer {
  readonly body: JsonObject;
  /** In its place: server-sent events. */
  readonly events?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

interface Kept {
  readonly project: string;
  readonly entry: JsonObject;
  /** From when on it can be used, by the stub's clock; at once without it. */
  readonly readyAt?: number;
  /** Of a cache: what it holds. */
  readonly held?: JsonObject;
  /** Of a cache and a file. */
  readonly expiresAt?: number;
}

/** Files and caches with their uploads: https://ai.google.dev/api/files, https://ai.google.dev/api/caching */
export class Resources {
  readonly kept = new Map<string, Kept>();
  readonly uploads = new Map<string, Upload>();
  #serial = 0;

  id(): string {
    this.#serial += 1;
    return `r${this.#serial.toString().padStart(11, '0')}`;
  }

  /** The entry as it is at that time: a film is looked through before it can be used. */
  entryAt({ entry, readyAt }: Kept, now: number): JsonObject {
    if (entry.state === undefined) return entry;
    if (now < (readyAt ?? now)) return { ...entry, state: 'PROCESSING' };
    const isFilm = String(entry.mimeType).startsWith('video/');
    const film = isFilm && { videoMetadata: { videoDuration: '12s' } };
    return { ...entry, state: 'ACTIVE', ...film };
  }

  /** What the project's cache of that name holds. */
  heldBy(name: string, project: string): JsonObject | null {
    const kept = this.kept.get(numbered(name));
    return kept?.project === project ? (kept.held ?? null) : null;
  }

  reset(): void {
    this.kept.clear();
    this.uploads.clear();
  }
}

export type ResourceVerdict = ResourceAnswer | Refusal;

/** How many entries a page has that isn't asked for another number of them, and how many at most. */
const usualPage = 10;
const largestPage = 100;

export function answerResource(
  world: World,
  exchange: Exchange,
  route: Route,
  account: Account,
): ResourceVerdict {
  const project = route.project ?? account.project;
  const { request, url } = exchange;
  dropExpired(world);
  if (!isVerb(request.method ?? '', route, url.pathname)) return nothingHere();
  if (url.pathname.startsWith('/upload/')) return uploaded(world, exchange, route, project);
  if (route.method === 'interactions') return answerInteraction(world, exchange, route, project);
  const name = nameOf(route, project);
  if (route.model === null) {
    return request.method === 'POST'
      ? created(world, exchange, route, project)
      : listed(world, route, project, url.searchParams);
  }
  const kept = world.resources.kept.get(name);
  if (kept?.project !== project) return missing(name);
  if (request.method === 'DELETE') {
    world.resources.kept.delete(name);
    world.stored.takeBack(project, name);
    return { body: {} };
  }
  if (request.method !== 'PATCH') return { body: world.resources.entryAt(kept, world.now()) };
  return changed(world, exchange, name, kept);
}

/** By what it is: https://ai.google.dev/api/files, https://ai.google.dev/api/caching, /api/interactions-api */
function isVerb(verb: string, { method, model }: Route, path: string): boolean {
  if (path.startsWith('/upload/') || path.endsWith('/cancel'))
    return verb === 'POST' || verb === 'PUT';
  if (model === null) return verb === 'POST' || (verb === 'GET' && method !== 'interactions');
  return verb === 'GET' || verb === 'DELETE' || (verb === 'PATCH' && method === 'cachedContents');
}

/** Of a cache, and of that its end alone: https://ai.google.dev/api/caching#method:-cachedcontents.patch */
function changed(world: World, exchange: Exchange, name: string, kept: Kept): ResourceVerdict {
  const body = objectBody(exchange);
  const other = Object.keys(body).find((key) => !['ttl', 'expireTime', 'name'].includes(key));
  const expiresAt = endOf(world, body);
  if (kept.held === undefined || other !== undefined || expiresAt === null) {
    return invalidArgument(
      '* UpdateCachedContentRequest.update_mask: only expiration is updatable\n',
    );
  }
  const updateTime = new Date(world.now()).toISOString();
  const expireTime = timestamp(expiresAt);
  const entry = { ...kept.entry, updateTime, expireTime };
  world.resources.kept.set(name, { ...kept, entry, expiresAt });
  return { body: entry };
}

/** When a cache ends: by the clock, or so long from now on; null: it says neither, or nothing sound. */
function endOf(world: World, body: JsonObject): number | null {
  const ttl = /^(\d+(?:\.\d{1,9})?)s$/.exec(textIn(body, 'ttl') ?? '')?.[1];
  const end = ttl === undefined ? Date.parse(textIn(body, 'expireTime') ?? '') : NaN;
  if (ttl !== undefined) return world.now() + 1000 * Number(ttl);
  return Number.isNaN(end) ? null : end;
}

/** Caches and files that have lived long enough. */
export function dropExpired(world: World): void {
  for (const [name, { project, expiresAt }] of world.resources.kept) {
    if (expiresAt === undefined || world.now() < expiresAt) continue;
    world.resources.kept.delete(name);
    if (name.startsWith('projects/')) world.stored.expire(project, name);
    else world.stored.takeBack(project, name);
  }
}

/** As if they had been over for long. */
export function dropCaches(world: World): void {
  for (const [name, { project, held, expiresAt }] of world.resources.kept) {
    if (held === undefined || expiresAt === undefined) continue;
    world.resources.kept.delete(name);
    world.stored.takeBack(project, name);
  }
}

/** The request as the model sees it: a cache's turns, instruction and tools stand in front. */
export function withCached(world: World, request: JsonObject, project: string): JsonObject {
  const name = textIn(request, 'cachedContent') ?? '';
  const held = world.resources.heldBy(name, project);
  if (!held) return request;
  const { systemInstruction, tools, toolConfig } = held;
  return {
    ...request,
    ...(systemInstruction !== undefined && { systemInstruction }),
    ...(tools !== undefined && { tools }),
    ...(toolConfig !== undefined && { toolConfig }),
    contents: [...objectsIn(held, 'contents'), ...objectsIn(request, 'contents')],
  };
}

function missing(name: string): Refusal {
  const id = name.split('/').at(-1) ?? '';
  if (name.startsWith('files/')) return storedWords.file(id);
  return name.startsWith('projects/') ? storedWords.cacheUnknown(name) : storedWords.geminiCache();
}

function nameOf({ method, model, project, location }: Route, own: string): string {
  const place = project === null ? '' : numbered(`projects/${own}/locations/${location}/`);
  return `${place}${method}${model === null ? '' : `/${model}`}`;
}

function listed(
  world: World,
  { method }: Route,
  project: string,
  asked: URLSearchParams,
): ResourceVerdict {
  const entries = [...world.resources.kept]
    .filter(([name, kept]) => kept.project === project && name.includes(`${method}/`))
    .map(([, kept]) => world.resources.entryAt(kept, world.now()));
  const size = Number(asked.get('pageSize') ?? usualPage);
  if (size > largestPage) {
    return invalidArgument(
      `* ListFilesRequest.page_size: page_size must be at most ${largestPage}`,
    );
  }
  const token = asked.get('pageToken') ?? '';
  const begin = token === '' ? 0 : Number(token);
  if (!Number.isInteger(begin)) return invalidArgument('Invalid page token.');
  const page = entries.slice(begin, begin + size);
  const more = begin + size < entries.length ? { nextPageToken: String(begin + size) } : {};
  return { body: page.length === 0 ? {} : { [method ?? '']: page, ...more } };
}

/** Without what stands in front of it: `models/`, or where Vertex AI has it. */
const modelOf = (body: JsonObject): string => (textIn(body, 'model') ?? '').replace(/^.*\//, '');

/**
 * What is wrong with a model's name: https://github.com/ax-llm/ax/pull/513 quotes what Vertex AI says of its form,
 * and others what the Gemini API says of other messages. What is said of another place is a guess.
 */
function modelNameFault(
  name: string,
  { backend, location }: Route,
  project: string,
): string | null {
  if (backend === 'gemini') {
    if (/^models\/[^/]+$/.test(name)) return null;
    return '* CreateCachedContentRequest.model: unexpected model name format\n';
  }
  const form = 'projects/{project}/locations/{location}/publishers/google/models/{model}';
  const place = /^(projects\/[^/]+\/locations\/[^/]+)\/publishers\/google\/models\/[^/]+$/.exec(
    name,
  )?.[1];
  if (place === undefined) {
    return `The Model name ${name} is malformed and it should be in form of ${form}.`;
  }
  const own = `projects/${project}/locations/${location}`;
  if (numbered(`${place}/`) === numbered(`${own}/`)) return null;
  return `The Model name ${name} must be of the same project and location as the cached content: ${own}.`;
}

/**
 * Of a cache that is smaller than the model's least:
 * https://github.com/BerriAI/litellm/issues/17696, https://discuss.ai.google.dev/t/134499
 */
const tooSmall = {
  gemini: (tokens: number, least: number) =>
    `Cached content is too small. total_token_count=${tokens}, min_total_token_count=${least}`,
  vertex: (tokens: number, least: number) =>
    `The cached content is of ${tokens} tokens. The minimum token count to start caching is ` +
    `${least}.`,
};

/** What a cache holds is looked at as a request of its model; nothing in it is to be answered yet. */
function cacheScene(world: World, request: JsonObject, route: Route, model: string): Scene {
  return {
    request,
    model,
    family: world.families.of(model),
    backend: route.backend as ApiBackend,
    streaming: false,
    acceptsSignature: () => true,
  };
}

/** Of a model that has none of its callers' caches. The words are those of models that can't do another thing. */
function notCached(model: string, { backend, version }: Route): Refusal {
  return backend === 'vertex'
    ? invalidArgument(`Model ${model} does not support createCachedContent.`)
    : geminiModelMissing(model, version, 'createCachedContent');
}

/** A cache: a file comes by an upload alone. */
function created(world: World, exchange: Exchange, route: Route, project: string): ResourceVerdict {
  const collection = nameOf(route, project);
  if (collection === 'files') return invalidArgument('Request must be an upload.');
  const read = readMessage(world, exchange, route, 'CachedContent', 'cached_content');
  if ('refusal' in read) return read.refusal;
  const body = read.request;
  if (textIn(body, 'model') === undefined) {
    return invalidArgument(
      '* CreateCachedContentRequest.cached_content.model: model is required\n',
    );
  }
  const nameFault = modelNameFault(String(body.model), route, project);
  if (nameFault !== null) return invalidArgument(nameFault);
  const model = modelOf(body);
  if (world.models.find(({ id }) => id === model)?.task !== 'generate') {
    return route.backend === 'vertex'
      ? vertexModelMissing(project, route.location ?? 'global', model)
      : geminiModelMissing(model, route.version, 'createCachedContent');
  }
  const { caches, cached: least } = world.families.of(model);
  if (!caches) return notCached(model, route);
  const rule = heldFault(cacheScene(world, body, route, model));
  if (rule !== null) return invalidArgument(rule);
  const fault = filesFault(world.stored, body, route, project);
  if (fault) return fault;
  const totalTokenCount = sumOf(promptTokens(body));
  if (totalTokenCount < least) {
    const words = tooSmall[route.backend === 'vertex' ? 'vertex' : 'gemini'];
    return invalidArgument(words(totalTokenCount, least));
  }
  const asksEnd = body.ttl !== undefined || body.expireTime !== undefined;
  const expiresAt = asksEnd ? endOf(world, body) : world.now() + 3_600_000;
  if (expiresAt === null) return invalidArgument("Invalid value at 'cached_content.ttl'");
  const name = `${collection}/${world.resources.id()}`;
  const time = timestamp(world.now(), '031');
  const { displayName } = body;
  const entry = {
    name,
    model: body.model ?? '',
    createTime: time,
    updateTime: time,
    expireTime: timestamp(expiresAt),
    ...(displayName !== undefined && { displayName }),
    usageMetadata: { totalTokenCount },
  };
  world.resources.kept.set(name, { project, entry, held: body, expiresAt });
  world.stored.give(project, name);
  return { body: entry };
}

/** A cache that was made for another model: https://ai.google.dev/gemini-api/docs/caching */
export function cacheModelFault(world: World, request: JsonObject, route: Route): Refusal | null {
  const name = numbered(textIn(request, 'cachedContent') ?? '');
  const kept = world.resources.kept.get(name);
  const model = kept && modelOf(kept.entry);
  if (model === undefined || model === route.model) return null;
  return invalidArgument(
    `Model used by GenerateContent request (models/${route.model}) and CachedContent ` +
      `(models/${model}) has to be the same.`,
  );
}

/** A file of the request that is there and can't be used yet. */
export function unreadyFault(world: World, request: JsonObject): Refusal | null {
  const now = world.now();
  for (const uri of fileUris(request)) {
    const name = /(?:^|\/)(files\/[^/?#]+)$/.exec(uri)?.[1] ?? '';
    const kept = world.resources.kept.get(name);
    if (kept && world.resources.entryAt(kept, now).state === 'PROCESSING') {
      return storedWords.unready(name.slice('files/'.length));
    }
  }
  return null;
}
