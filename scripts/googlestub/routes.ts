import type { Backend, CallKind } from './record.ts';

export interface Route {
  readonly kind: CallKind;
  readonly backend: Backend | null;
  readonly version: string;
  readonly project: string | null;
  readonly location: string | null;
  readonly model: string | null;
  readonly method: string | null;
}

const kinds: Readonly<Record<string, CallKind>> = {
  generateContent: 'generate',
  streamGenerateContent: 'generate',
  countTokens: 'count',
  embedContent: 'embed',
  batchEmbedContents: 'embed',
  predict: 'embed',
};

const kindOf = (method: string, backend: Backend): CallKind =>
  method === 'computeTokens' && backend === 'vertex' ? 'count' : (kinds[method] ?? 'unknown');

interface Pattern {
  /** Without one, any. */
  readonly verb?: 'GET' | 'POST';
  readonly backend: Backend;
  readonly path: RegExp;
  readonly kind?: CallKind;
}

const model = '(?<model>[^/:]+)';
const endpoint = '(?<model>endpoints/[^/:]+):(?<method>\\w+)';
const tuned = '(?<model>tunedModels/[^/:]+):(?<method>\\w+)';
const call = `${model}:(?<method>\\w+)`;
const place = 'projects/(?<project>[^/]+)/locations/(?<location>[^/]+)';
const google = 'publishers/google/models';

function path(versions: string, rest: string): RegExp {
  return new RegExp(`^/(?<version>${versions})/${rest}$`);
}

const patterns: readonly Pattern[] = [
  { verb: 'POST', backend: 'vertex', path: path('v1|v1beta1', `${place}/${google}/${call}`) },
  { verb: 'POST', backend: 'vertex', path: path('v1|v1beta1', `${place}/${endpoint}`) },
  // Express mode, for keys.
  { verb: 'POST', backend: 'vertex', path: path('v1|v1beta1', `${google}/${call}`) },
  { verb: 'POST', backend: 'gemini', path: path('v1|v1beta|v1alpha', `models/${call}`) },
  { verb: 'POST', backend: 'gemini', path: path('v1|v1beta|v1alpha', tuned) },
  { verb: 'GET', backend: 'gemini', path: path('v1|v1beta|v1alpha', 'models'), kind: 'list' },
  {
    verb: 'GET',
    backend: 'gemini',
    path: path('v1|v1beta|v1alpha', `models/${model}`),
    kind: 'get',
  },
  { verb: 'GET', backend: 'vertex', path: path('v1beta1', google), kind: 'list' },
  { verb: 'GET', backend: 'vertex', path: path('v1|v1beta1', `${google}/${model}`), kind: 'get' },
  {
    backend: 'gemini',
    path: path('v1|v1beta', `(?<method>files|cachedContents)(?:/${model})?`),
    kind: 'resource',
  },
  {
    backend: 'gemini',
    path: path('v1|v1beta', `(?<method>interactions)(?:/${model}(?:/cancel)?)?`),
    kind: 'resource',
  },
  {
    backend: 'gemini',
    path: /^\/upload\/(?<version>v1|v1beta)\/(?<method>files)$/,
    kind: 'resource',
  },
  {
    verb: 'POST',
    backend: 'gemini',
    path: path('v1beta', '(?<method>openai)/chat/completions'),
    kind: 'chat',
  },
  {
    verb: 'POST',
    backend: 'gemini',
    path: path('v1beta', '(?<method>openai)/(?:embeddings|images/generations)'),
    kind: 'compatible',
  },
  {
    verb: 'GET',
    backend: 'gemini',
    path: path('v1beta', `(?<method>openai)/models(?:/${model})?`),
    kind: 'compatible',
  },
  {
    verb: 'POST',
    backend: 'vertex',
    path: path('v1|v1beta1', `${place}/endpoints/(?<method>openapi)/chat/completions`),
    kind: 'chat',
  },
  {
    backend: 'vertex',
    path: path('v1|v1beta1', `${place}/(?<method>cachedContents)(?:/${model})?`),
    kind: 'resource',
  },
  { verb: 'POST', backend: 'oauth', path: /^\/token$/, kind: 'token' },
];

const unknownRoute: Route = {
  kind: 'unknown',
  backend: null,
  version: '',
  project: null,
  location: null,
  model: null,
  method: null,
};

/** What a verb and a path ask for; both back-ends share one address, since their paths differ. */
export function routeOf(verb: string, path: string): Route {
  for (const pattern of patterns) {
    const groups = pattern.path.exec(path);
    if (!groups || (pattern.verb ?? verb) !== verb) continue;
    const { version = '', project, location, model, method } = groups.groups ?? {};
    return {
      kind: pattern.kind ?? kindOf(method ?? '', pattern.backend),
      backend: pattern.backend,
      version,
      project: decoded(project),
      location: decoded(location),
      model: decoded(model),
      method: method ?? null,
    };
  }
  return unknownRoute;
}

function decoded(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
