// The addresses of Google's own dialect: those of the Gemini API and of Vertex AI.
// https://ai.google.dev/api, https://cloud.google.com/vertex-ai/docs/reference/rest
import { isAnthropics, isOpenAis } from '../paths.ts';
import { decoded, fieldInQuery, passedQuery } from './query.ts';

/** An operation of the module, what it is told, and whether a body belongs to it. */
export interface NativeRoute {
  readonly operation: string;
  readonly params: Readonly<Record<string, string>>;
  readonly takesBody: 'held body' | 'unread body' | 'no body';
}

type Asked = Pick<Request, 'method' | 'url' | 'headers'>;

const verbs = new Set([
  'generateContent',
  'streamGenerateContent',
  'countTokens',
  'computeTokens',
  'embedContent',
  'batchEmbedContents',
  'predict',
]);

const version = '(?<version>v1|v1beta|v1alpha|v1beta1)';
// Whatever stands there, project and location are those of the credential.
const place = 'projects/[^/]+/locations/[^/]+/';
const vertexModels = `(?<vertex>(?:${place})?publishers/google/models)`;
const models = `(?:models|${vertexModels})`;
const model = '(?<model>[^/:%]+(?:%(?!3[Aa]|2[Ff])[^/:%]*)*)';
const verb = '(?::|%3[Aa])(?<verb>\\w+)';

const call = new RegExp(`^/${version}/${models}/${model}${verb}$`);
const list = new RegExp(`^/${version}/${models}(?:/${model})?$`);

// What belongs to a credential and to no model.
const ofGemini = '(?:files|cachedContents|interactions|openai)(?:[/:].*)?';
const ofVertex = '(?:cachedContents(?:[/:].*)?|endpoints/openapi/.+)';
const resource = new RegExp(
  `^(?<upload>/upload)?/${version}/(?:(?<gemini>${ofGemini})|${place}(?<vertex>${ofVertex}))$`,
);

/** Whether a path may be read as another one: by parents, by slashes in disguise, by none between two. */
const isTwofold = (path: string): boolean =>
  /\/\/|\\|%2f|%5c|[^!-~]/i.test(path) ||
  path.split('/').some((each) => /^(?:\.|%2e){1,2}$/i.test(each));

const splitUrl = (url: string): readonly [path: string, query: string] => {
  const path = url.indexOf('/', url.indexOf('://') + 3);
  const [address = ''] = url.slice(path).split('#', 1);
  const mark = address.indexOf('?');
  return mark < 0 ? [address, ''] : [address.slice(0, mark), address.slice(mark + 1)];
};

// --- Whose dialect it is -------------------------------------------------------------------------

const keyField = 'x-goog-api-key';

/** The client key in the query, where Google's clients may have it. */
const keyInQuery = (url: string): string | undefined =>
  new URLSearchParams(splitUrl(url)[1]).get('key') || undefined;

/** Paths that are nobody else's: all of Google's versions but the one that it shares with OpenAI. */
const ofGoogleAlone = /^\/(?:(?:upload\/)?v1beta1?|(?:upload\/)?v1alpha|upload)(?:\/|$)/;

/** The same below the version that it shares. */
const ofGoogleAloneInV1 = /^\/v1\/(?:cachedContents|interactions|openai)(?:[/:]|$)/;

/** A model of OpenAI's may have a colon in its name, but nobody posts to one. */
const isGoogleAlones = ({ method, url }: Asked): boolean => {
  const [path] = splitUrl(url);
  if (ofGoogleAlone.test(path) || ofGoogleAloneInV1.test(path)) return true;
  const called = call.exec(path);
  if (called && method === 'POST') return true;
  const matched = called ?? list.exec(path) ?? resource.exec(path);
  return matched?.groups?.vertex !== undefined;
};

/** Where several dialects may have a path. Clients of Anthropic's name the version of theirs. */
const bearsKey = ({ url, headers }: Asked): boolean =>
  !headers.has('anthropic-version') && (headers.has(keyField) || keyInQuery(url) !== undefined);

/** Under the version that it shares with others, Google's clients are known by where their key is. */
export const speaksGoogle = (request: Asked): boolean => {
  if (isGoogleAlones(request)) return true;
  const [path] = splitUrl(request.url);
  const isShared = path.startsWith('/v1/') && !isOpenAis(path) && !isAnthropics(path);
  return isShared && bearsKey(request);
};

/** The client key that stands in the query of a request in Google's dialect. */
export const queryKeyOf = (request: Asked): string | undefined =>
  request.url.includes('?') && speaksGoogle(request) ? keyInQuery(request.url) : undefined;

// --- What is asked for ---------------------------------------------------------------------------

/** Header fields that go on to Google. All others are between the client and us. */
const passedFields = [
  'content-type',
  'content-encoding',
  'x-server-timeout',
  'api-revision',
  'x-vertex-ai-llm-request-type',
  'x-vertex-ai-llm-shared-request-type',
] as const;

const fieldsOf = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    passedFields.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[`field:${name}`, value]];
    }),
  );

const callOf = ({ url, headers }: Asked): NativeRoute | undefined => {
  const [path, query] = splitUrl(url);
  const { version = '', model = '', verb = '', vertex } = call.exec(path)?.groups ?? {};
  if (!verbs.has(verb)) return undefined;
  const params = {
    id: decoded(model),
    version,
    verb,
    query: passedQuery(query),
    ...(vertex && { vertex: 'vertex' }),
    ...fieldsOf(headers),
  };
  return { operation: 'native', params, takesBody: 'held body' };
};

const listOf = (request: Asked): NativeRoute | undefined => {
  const [path, query] = splitUrl(request.url);
  const groups = list.exec(path)?.groups;
  if (!groups) return undefined;
  const { model, vertex } = groups;
  const whose = vertex ? 'vertex' : 'gemini';
  if (model) {
    const operation = `native_get_${whose}_model`;
    return { operation, params: { id: decoded(model) }, takesBody: 'no body' };
  }
  const asked = new URLSearchParams(query);
  const page = { limit: asked.get('pageSize') ?? '', after_id: asked.get('pageToken') ?? '' };
  return { operation: `native_list_${whose}_models`, params: page, takesBody: 'no body' };
};

const uploadField = /^x-goog-upload-/;

/** An upload tells in header fields of its own what it brings. */
const uploadFieldsOf = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    [...headers]
      .filter(([name]) => uploadField.test(name))
      .map(([name, value]) => [`field:${name}`, value]),
  );

/** Names and models stand in what begins an upload. What follows is a file's bytes. */
const bodyOf = (
  { method, headers }: Pick<Asked, 'method' | 'headers'>,
  upload: string | undefined,
): NativeRoute['takesBody'] => {
  if (method === 'GET' || method === 'DELETE') return 'no body';
  const begins = headers.get('x-goog-upload-command')?.includes('start') ?? true;
  return upload && !begins ? 'unread body' : 'held body';
};

const resourceOf = (request: Asked): NativeRoute | undefined => {
  const { method, url, headers } = request;
  const [address, query] = splitUrl(url);
  const groups = resource.exec(address)?.groups;
  if (!groups || isTwofold(address)) return undefined;
  const { version = '', gemini, vertex, upload } = groups;
  const params = {
    version,
    method,
    path: gemini ?? vertex ?? '',
    query: passedQuery(query),
    origin: new URL(url).origin,
    ...(upload && { upload }),
    ...(vertex && { vertex: 'vertex' }),
    ...fieldsOf(headers),
    ...uploadFieldsOf(headers),
  };
  return { operation: 'native_resource', params, takesBody: bodyOf(request, upload) };
};

const resourceMethods = new Set(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']);

/** What a request in Google's dialect asks for; nothing when it is in another, or asks for what there is not. */
export const nativeRouteOf = (request: Asked): NativeRoute | undefined => {
  const { method } = request;
  const called = method === 'POST' ? callOf(request) : undefined;
  if (called || !resourceMethods.has(method) || !speaksGoogle(request)) return called;
  return resourceOf(request) ?? (method === 'GET' ? listOf(request) : undefined);
};

/** The parameter that stands in the query and belongs in the body, if there is one. */
export const misplacedField = (
  { method, url }: Asked,
  { takesBody }: NativeRoute,
): string | undefined =>
  takesBody === 'no body' ? undefined : fieldInQuery(splitUrl(url)[1], method);

/** Google's parameters for an answer that leaves something out, or is none in JSON. */
const shapes = /^\$?(?:fields|alt)$/;
const withCost = /^(?:$|json\b|sse$)/;

/** The parameter by which an answer wouldn't tell what it has cost, if there is one. */
export const hidingCost = ({ url }: Asked): string | undefined =>
  [...new URLSearchParams(splitUrl(url)[1])]
    .filter(([name]) => shapes.test(name))
    .find(([name, value]) => name.endsWith('fields') || !withCost.test(value))?.[0];

/** Whether Google would answer in an array, errors too. */
export const wantsArray = ({ url }: Asked): boolean => {
  const [path, query] = splitUrl(url);
  if (!path.endsWith('streamGenerateContent')) return false;
  const asked = new URLSearchParams(query);
  return (asked.get('alt') ?? asked.get('$alt')) !== 'sse';
};
