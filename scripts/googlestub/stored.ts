import { partsOf } from './calls.ts';
import * as errors from './errors.ts';
import { type Refusal, refusal } from './errors.ts';
import { isObject, type JsonObject, objectIn, objectsIn, textIn } from './json.ts';
import { numbered, projectNumber } from './projects.ts';
import type { Route } from './routes.ts';

const iam = 'iam.googleapis.com';

/** How Vertex refuses an object in a bucket: in one of these ways, and always with a 403. */
export const bucketStyles = {
  /** With ErrorInfo, as if the credential lacked a role. */
  detailed: (_project: string, object: string): Refusal => {
    const resource = `projects/_/buckets/${object.replace('/', '/objects/')}`;
    return errors.permissionDenied('storage.objects.get', resource, iam);
  },
  /** The words of Cloud Storage about the project's service agent. */
  bare: (project: string): Refusal =>
    errors.accessMissing(
      `service-${projectNumber(project)}@gcp-sa-aiplatform.iam.gserviceaccount.com`,
      'storage.objects.get',
      'Google Cloud Storage object',
    ),
  input: (): Refusal =>
    refusal(
      403,
      'Permission denied while accessing input file. Learn more about providing the appropriate ' +
        'credentials: https://cloud.google.com/vertex-ai/docs/general/access-control#service-agents',
    ),
  /** As any other call that is forbidden. */
  plain: (): Refusal => refusal(403, 'The caller does not have permission'),
};

export type BucketStyle = keyof typeof bucketStyles;

/** What is said of the rest; of a cache's form, an address and a tuned model it is a guess. */
export const storedWords = {
  cache: (name: string) => errors.permissionDenied('aiplatform.cachedContents.get', name, iam),
  cacheUse: (name: string) => errors.permissionDenied('aiplatform.cachedContents.use', name, iam),
  cacheGone: (name: string) =>
    refusal(404, `Not found: cached content metadata for ${name.split('/').at(-1)}.`),
  /** By its name alone, and by a request that goes on from it once its time is over: go-steer/core-agent#902. */
  cacheUnknown: (name: string) =>
    refusal(404, `Cached content ${name.split('/').at(-1)} is not found.`),
  cacheExpired: (name: string) =>
    errors.invalidArgument(`Cache content ${name.split('/').at(-1)} is expired.`),
  geminiCache: () => refusal(403, 'CachedContent not found (or permission denied)'),
  cacheForm: (name: string) =>
    errors.invalidArgument(`Invalid cached content name: ${name}. Expected a resource name.`),
  file: (id: string) =>
    refusal(403, `You do not have permission to access the File ${id} or it may not exist.`),
  unready: (id: string): Refusal => ({
    status: 400,
    body: {
      error: {
        code: 400,
        message: `The File ${id} is not in an ACTIVE state and usage is not allowed.`,
        status: 'FAILED_PRECONDITION',
      },
    },
  }),
  address: (uri: string) => errors.invalidArgument(`Invalid or unsupported file uri: ${uri}`),
  /** https://github.com/lbjlaq/Antigravity-Manager/issues/1640, its brackets and all. */
  unsafeAddress: (uri: string) =>
    errors.invalidArgument(
      `Unsupported file URI type: ${uri}. File URI must be a File API (e.g. ` +
        'https://generativelanguage.googleapis.com/files/<id>), Youtube (e.g. ' +
        'https://www.youtube.com/watch?v=<id>), or HTTPS (e.g. https://path/to/file).), or Cloud Storage ' +
        '(e.g. gs://bucket/object',
    ),
  endpoint: (name: string) => errors.permissionDenied('aiplatform.endpoints.predict', name),
  tunedModel: (name: string) =>
    refusal(403, `You do not have permission to access ${name} or it may not exist.`),
  besideCache: {
    gemini:
      'CachedContent can not be used with GenerateContent request setting system_instruction, ' +
      'tools or tool_config.\n\nProposed fix: move those values to CachedContent from ' +
      'GenerateContent request.',
    vertex:
      'Tool config, tools and system instruction should not be set in the request when using ' +
      'cached content.',
  },
};

/** Google's own bucket, which everybody may read. */
const openBuckets = ['gs://cloud-samples-data/'];

/**
 * Buckets, caches, files, endpoints and tuned models, by the projects that may use them. Nobody
 * may use what no test has given him.
 */
export class StoredContent {
  bucketStyle: BucketStyle = 'detailed';
  readonly #owned = new Map<string, Set<string>>();
  readonly #expired = new Set<string>();

  /**
   * `gs://bucket/` or a longer prefix; `files/a`; `cachedContents/a`, and of Vertex the whole
   * `projects/p/locations/l/cachedContents/1` or `projects/p/locations/l/endpoints/1`;
   * `tunedModels/a`.
   */
  give(project: string, name: string): void {
    const names = this.#owned.get(project) ?? new Set();
    this.#owned.set(project, names.add(numbered(name)));
  }

  takeBack(project: string, name: string): void {
    this.#owned.get(project)?.delete(numbered(name));
  }

  /** Of a cache of Vertex AI, which says so for a while. */
  expire(project: string, name: string): void {
    this.takeBack(project, name);
    this.#expired.add(numbered(name));
  }

  hasExpired(name: string): boolean {
    return this.#expired.has(numbered(name));
  }

  has(project: string, name: string): boolean {
    return this.#owned.get(project)?.has(numbered(name)) === true;
  }

  mayRead(project: string, uri: string): boolean {
    const prefixes = [...openBuckets, ...(this.#owned.get(project) ?? [])];
    return prefixes.some((prefix) => prefix.startsWith('gs://') && uri.startsWith(prefix));
  }

  reset(): void {
    this.bucketStyle = 'detailed';
    this.#owned.clear();
    this.#expired.clear();
  }
}

/** What it names of files and may not use. */
export function filesFault(
  stored: StoredContent,
  request: JsonObject,
  route: Route,
  project: string,
): Refusal | null {
  for (const uri of fileUris(request)) {
    const fault = fileFault(stored, uri, route, project);
    if (fault) return fault;
  }
  return null;
}

/** What a request names and the project of its credential may not use; null: nothing. */
export function storedFault(
  stored: StoredContent,
  request: JsonObject,
  route: Route,
  project: string,
): Refusal | null {
  const fault = filesFault(stored, request, route, project);
  if (fault) return fault;
  const cache = textIn(request, 'cachedContent');
  return cache === undefined ? null : cacheFault(stored, cache, request, route, project);
}

export function fileUris(request: JsonObject): string[] {
  const parts = objectsIn(request, 'contents').flatMap(partsOf);
  const inner = parts.flatMap((part) =>
    objectsIn(objectIn(part, 'functionResponse') ?? {}, 'parts'),
  );
  return [...parts, ...inner]
    .map(({ fileData }) => (isObject(fileData) ? textIn(fileData, 'fileUri') : undefined))
    .filter((uri) => uri !== undefined);
}

/** Of the Files API, whole or by its name alone. */
const geminiFile =
  /^(?:https:\/\/generativelanguage\.googleapis\.com\/v1(?:beta)?\/)?files\/([^/?#]+)$/;

/** The id of a file of the Files API, by its address; undefined: it is none. */
export const fileOf = (uri: string): string | undefined => geminiFile.exec(uri)?.[1];

function fileFault(
  stored: StoredContent,
  uri: string,
  route: Route,
  project: string,
): Refusal | null {
  const isVertex = route.backend === 'vertex';
  if (uri.startsWith('gs://')) {
    if (!isVertex) return storedWords.address(uri);
    if (stored.mayRead(project, uri)) return null;
    return bucketStyles[stored.bucketStyle](project, uri.slice('gs://'.length));
  }
  const id = fileOf(uri);
  if (id !== undefined && !isVertex) {
    return stored.has(project, `files/${id}`) ? null : storedWords.file(id);
  }
  if (uri.startsWith('http://') && !isVertex) return storedWords.unsafeAddress(uri);
  return id === undefined && uri.startsWith('https://') ? null : storedWords.address(uri);
}

function cacheFault(
  stored: StoredContent,
  name: string,
  request: JsonObject,
  route: Route,
  project: string,
): Refusal | null {
  const backend = route.backend === 'vertex' ? 'vertex' : 'gemini';
  const beside = ['systemInstruction', 'tools', 'toolConfig'];
  if (beside.some((key) => request[key] !== undefined)) {
    return errors.invalidArgument(storedWords.besideCache[backend]);
  }
  if (backend === 'gemini') return stored.has(project, name) ? null : storedWords.geminiCache();
  const place = /^projects\/([^/]+)\/locations\/([^/]+)\/cachedContents\/[^/]+$/.exec(name);
  if (!place) return storedWords.cacheForm(name);
  if (place[1] !== project && place[1] !== projectNumber(project)) return storedWords.cache(name);
  // Where the model is asked nobody has heard of what lies elsewhere: a cache of `global`, through a region's
  // endpoint, was answered so (BigQuery's AI.GENERATE).
  if (place[2] !== route.location) return storedWords.cacheGone(name);
  if (stored.hasExpired(name)) return storedWords.cacheExpired(name);
  return stored.has(project, name) ? null : storedWords.cacheGone(name);
}

/** The endpoint or tuned model that the address names. */
export function targetFault(stored: StoredContent, route: Route, project: string): Refusal | null {
  const target = route.model ?? '';
  if (target.startsWith('tunedModels/')) {
    return stored.has(project, target) ? null : storedWords.tunedModel(target);
  }
  if (!target.startsWith('endpoints/')) return null;
  const name = `projects/${project}/locations/${route.location}/${target}`;
  return stored.has(project, name) ? null : storedWords.endpoint(name);
}
