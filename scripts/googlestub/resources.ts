import type { Account } from './accounts.ts';
import { invalidArgument, type Refusal, refusal } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { isObject, type Json, type JsonObject, objectsIn, textIn } from './json.ts';
import type { Route } from './routes.ts';
import { storedWords } from './stored.ts';
import { promptTokens, sumOf } from './usage.ts';
import type { World } from './world.ts';

/** What answers a call to what belongs to a project. */
export interface ResourceAnswer {
  readonly body: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Upload {
  readonly project: string;
  readonly name: string;
  readonly mimeType: string;
  readonly size: number;
  readonly displayName: string;
  bytes: Buffer;
}

interface Kept {
  readonly project: string;
  readonly entry: JsonObject;
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

  reset(): void {
    this.kept.clear();
    this.uploads.clear();
  }
}

type Answer = ResourceAnswer | Refusal;

export function answerResource(
  world: World,
  exchange: Exchange,
  route: Route,
  account: Account,
): Answer {
  const project = route.project ?? account.project;
  const { request, url } = exchange;
  if (url.pathname.startsWith('/upload/')) return uploaded(world, exchange, project);
  const name = nameOf(route, project);
  if (route.model === null) {
    return request.method === 'POST'
      ? created(world, exchange, name, project)
      : listed(world, route, project);
  }
  const kept = world.resources.kept.get(name);
  if (kept?.project !== project) return missing(name);
  if (request.method === 'DELETE') {
    world.resources.kept.delete(name);
    return { body: {} };
  }
  if (request.method !== 'PATCH') return { body: kept.entry };
  const entry = { ...kept.entry, ...bodyOf(exchange) };
  world.resources.kept.set(name, { project, entry });
  return { body: entry };
}

function missing(name: string): Refusal {
  const id = name.split('/').at(-1) ?? '';
  return name.startsWith('files/') ? storedWords.file(id) : storedWords.geminiCache();
}

function nameOf({ method, model, project, location }: Route, own: string): string {
  const place = project === null ? '' : `projects/${own}/locations/${location}/`;
  return `${place}${method}${model === null ? '' : `/${model}`}`;
}

function bodyOf({ bytes }: Exchange): JsonObject {
  try {
    const body = JSON.parse(bytes.toString()) as Json;
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

function listed(world: World, { method }: Route, project: string): ResourceAnswer {
  const entries = [...world.resources.kept]
    .filter(([name, kept]) => kept.project === project && name.includes(`${method}/`))
    .map(([, { entry }]) => entry);
  return { body: entries.length === 0 ? {} : { [method ?? '']: entries } };
}

/** A cache: a file comes by an upload alone. */
function created(world: World, exchange: Exchange, collection: string, project: string): Answer {
  if (collection === 'files') return invalidArgument('Request must be an upload.');
  const body = bodyOf(exchange);
  if (textIn(body, 'model') === undefined || objectsIn(body, 'contents').length === 0) {
    return invalidArgument(
      '* CreateCachedContentRequest.cached_content.model: model is required\n',
    );
  }
  const name = `${collection}/${world.resources.id()}`;
  const time = new Date(world.now()).toISOString();
  const expireTime = new Date(world.now() + 3_600_000).toISOString();
  const usageMetadata = { totalTokenCount: sumOf(promptTokens(body)) };
  const { model = '', displayName = '' } = body;
  const entry = {
    name,
    model,
    displayName,
    createTime: time,
    updateTime: time,
    expireTime,
    usageMetadata,
  };
  world.resources.kept.set(name, { project, entry });
  world.stored.give(project, name);
  return { body: entry };
}

// --- Uploads: https://ai.google.dev/api/files#method:-media.upload ------------------------------

const header = ({ request }: Exchange, name: string): string =>
  String(request.headers[`x-goog-upload-${name}`] ?? '');

function uploaded(world: World, exchange: Exchange, project: string): Answer {
  const { searchParams } = exchange.url;
  const id = searchParams.get('upload_id');
  if (id === null) return begun(world, exchange, project);
  const upload = world.resources.uploads.get(id);
  if (upload?.project !== project) return refusal(404, 'Requested entity was not found.');
  if (header(exchange, 'offset') !== String(upload.bytes.length)) {
    return invalidArgument(`Upload offset must be ${upload.bytes.length}.`);
  }
  upload.bytes = Buffer.concat([upload.bytes, exchange.bytes]);
  if (!header(exchange, 'command').includes('finalize')) {
    return { body: {}, headers: { 'x-goog-upload-status': 'active' } };
  }
  if (upload.bytes.length !== upload.size) return invalidArgument('The upload has another length.');
  return finished(world, id, upload);
}

function begun(world: World, exchange: Exchange, project: string): Answer {
  if (header(exchange, 'protocol') !== 'resumable' || header(exchange, 'command') !== 'start') {
    return invalidArgument('Request must be a resumable upload.');
  }
  const id = world.resources.id();
  const file = bodyOf(exchange).file ?? {};
  world.resources.uploads.set(id, {
    project,
    name: `files/${world.resources.id()}`,
    mimeType: header(exchange, 'header-content-type'),
    size: Number(header(exchange, 'header-content-length')),
    displayName: (isObject(file) && textIn(file, 'displayName')) || '',
    bytes: Buffer.alloc(0),
  });
  const { host } = exchange.request.headers;
  const uploadUrl = `http://${host}${exchange.url.pathname}?upload_id=${id}&upload_protocol=resumable`;
  const headers = {
    'x-goog-upload-status': 'active',
    'x-goog-upload-url': uploadUrl,
    'x-goog-upload-chunk-granularity': '8388608',
  };
  return { body: {}, headers };
}

function finished(world: World, id: string, upload: Upload): ResourceAnswer {
  const { name, mimeType, size, displayName, project } = upload;
  world.resources.uploads.delete(id);
  const uri = `https://generativelanguage.googleapis.com/v1beta/${name}`;
  const entry = { name, displayName, mimeType, sizeBytes: String(size), uri, state: 'ACTIVE' };
  world.resources.kept.set(name, { project, entry });
  world.stored.give(project, name);
  return { body: { file: entry }, headers: { 'x-goog-upload-status': 'final' } };
}
