import { type Context, Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { type App, Arrival, type Gate } from './arrival.ts';
import type { Env, Spent } from './core/core.ts';
import { drain } from './core/drain.ts';
import { messageOf } from './core/failure.ts';
import { Log } from './core/log.ts';
import module from './core/rondo.wasm';
import {
  cannotBind,
  costHidden,
  costUntold,
  type Failure,
  internalError,
  lacksV1,
  methodNotSupported,
  moderationsNotServed,
  nothingStored,
  responseNotFound,
  unknownUrl,
} from './errors.ts';
import {
  hidingCost,
  misplacedField,
  type NativeRoute,
  nativeRouteOf,
  speaksGoogle,
} from './google/address.ts';
import { backgroundFault, mayRunOn } from './google/background.ts';
import { addUploadPass } from './google/uploadpass.ts';
import type { Memory } from './memory/memory.ts';
import { storedRoutes } from './memory/routes.ts';
import { serveStored } from './memory/service.ts';
import { requireAdminKey, requireMetricsKey } from './middleware/adminkey.ts';
import { requireClientKey } from './middleware/clientkey.ts';
import { coreOf } from './middleware/core.ts';
import { allowOrigin, answerPreflight } from './middleware/cors.ts';
import { guardAnswer } from './middleware/guards.ts';
import { holdToLimits } from './middleware/limits.ts';
import { presentedKey } from './middleware/presentedkey.ts';
import { nameAnswer } from './middleware/requestid.ts';
import { workerReport } from './operator.ts';
import { guardOperatorAnswers, servePage } from './page.ts';
import { withRefusals } from './refusals.ts';
import { type Route, routes } from './routes.ts';
import { warmUp } from './warmup.ts';
import { welcome, withoutV1 } from './welcome.ts';

/** Operations that answer Anthropic's clients by the same address in words of their own. */
const ofAnthropic: Readonly<Record<string, string>> = {
  list_models: 'list_anthropic_models',
  get_model: 'get_anthropic_model',
};

const operationFor = (operation: string, { isAnthropic }: Arrival): string =>
  (isAnthropic && ofAnthropic[operation]) || operation;

/** What each operation reads of the query. */
const queries: Readonly<Record<string, readonly string[]>> = {
  list_models: ['limit', 'after_id', 'before_id'],
  explain_model: ['model'],
  test_credential: ['model'],
  recent_requests: ['limit', 'model', 'credential', 'client', 'status'],
  counters_series: ['span'],
};

type Params = Readonly<Record<string, string>>;

const queryOf = ({ req }: Context, names: readonly string[]): Params =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = req.query(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** What the address says, and of its own settings the worker. */
const paramsOf = (c: Context<App>, operation: string): Params => {
  if (operation === 'settings_report') return { worker: workerReport(c.env.env) };
  if (operation === 'list_files') return { query: new URL(c.req.url).search.slice(1) };
  const names = queries[operation];
  return names ? { ...queryOf(c, names), ...c.req.param() } : c.req.param();
};

const failed = ({ env, refuse }: Arrival, error: unknown): Response => {
  new Log(env.LOG_LEVEL).error('worker_failed', { message: messageOf(error) });
  return refuse(internalError);
};

/** Operations that go on from what is stored, or store, if only the signatures of calls. */
const remembers: ReadonlySet<string> = new Set([
  'responses',
  'count_response_tokens',
  'compact_response',
  'chat_completions',
  'messages',
]);

/** What the module is told of it: nothing where there is no store at all. */
const memoryParam = ({ env }: Arrival, operation: string, memory: Memory | undefined): Params => {
  if (!env.STORE || !remembers.has(operation)) return {};
  return { memory: memory ? 'on' : 'denied' };
};

const contentTypeOf = ({ headers }: Request): string => headers.get('content-type') ?? '';

/** Operations whose paths Anthropic's clients ask for something else by. */
const notOfAnthropic: ReadonlySet<string> = new Set([
  'create_file',
  'list_files',
  'get_file',
  'delete_file',
  'file_content',
]);

/** Writes the line of a request that is refused before the module can write and count it. */
const toLog =
  (arrival: Arrival, operation: string) =>
  (failure: Failure, status: number): void => {
    arrival.countRefusal(failure);
    arrival.logAnswered(operation, status);
  };

const serve = async (arrival: Arrival, route: Route, params: Params): Promise<Response> => {
  const { request, env, id, client, waitUntil, spent } = arrival;
  const [, , operation, takesBody] = route;
  if (arrival.isAnthropic && notOfAnthropic.has(operation)) {
    return arrival.refuse(unknownUrl(request.method, arrival.path));
  }
  const memory = remembers.has(operation) ? arrival.memory : undefined;
  const asOperation = operationFor(operation, arrival);
  const asked = {
    operation: asOperation,
    id,
    params: {
      ...params,
      ...memoryParam(arrival, operation, memory),
      ...(arrival.spent && { metered: 'metered' }),
      // A form's parts are told apart by what its type says.
      ...(takesBody === 'form' && { content_type: contentTypeOf(request) }),
    },
    client,
    memory,
    refused: toLog(arrival, asOperation),
  };
  const answer = await coreOf(env).handle(asked, takesBody, request, waitUntil, spent);
  return operation === 'metrics' ? withRefusals(answer, env) : answer;
};

// --- What programs ask for all day ---------------------------------------------------------------

/** Who may pass to what lies under /v1. */
const enter: Gate = async (arrival) =>
  (await requireClientKey(arrival)) ?? (await holdToLimits(arrival));

// Hono's context and its chain of promises would cost such a request as much as all else that is done
// for it here. It finds these routes too: for other methods, and for other spellings of the path.
const direct: ReadonlyMap<string, Route> = new Map(
  routes
    .filter(([method, path]) => method === 'POST' && path.startsWith('/v1/'))
    .map((route) => [`${route[0]} ${route[1]}`, route]),
);

/** The route of a request that needs nothing of its address but the path. */
const directRoute = ({ request, path }: Arrival): Route | undefined =>
  direct.get(`${request.method} ${path}`);

const serveDirectly = async (arrival: Arrival, route: Route): Promise<Response> =>
  (await enter(arrival)) ?? serve(arrival, route, {});

/** Google's OpenAI-compatible paths, of either back-end. */
const ofOpenAi = /^(?:endpoints\/openapi|openai)(?:[/:]|$)/;

/** Why nobody would learn what a request costs, where somebody has to. */
const unmetered = (request: Request, { params }: NativeRoute): Failure | undefined => {
  const hiding = hidingCost(request);
  if (hiding) return costHidden(hiding);
  return ofOpenAi.test(params.path ?? '') ? costUntold : undefined;
};

/** What is wrong with an address in Google's own dialect, if anything is. */
const addressFault = (
  request: Request,
  native: NativeRoute,
  spent: Spent | undefined,
): Failure | undefined => {
  const field = misplacedField(request, native);
  if (field !== undefined) return cannotBind(field);
  return spent && unmetered(request, native);
};

/** The same in Google's own dialect. */
const serveNative = async (arrival: Arrival, native: NativeRoute): Promise<Response> => {
  const outside = await enter(arrival);
  if (outside) return outside;
  const { request, env, id, client, waitUntil } = arrival;
  const { operation, params, takesBody } = native;
  const refused = toLog(arrival, operation);
  // What only looks at something costs no tokens, whatever it tells of them.
  const spent = takesBody === 'no body' ? undefined : arrival.spent;
  const fault = addressFault(request, native, spent);
  if (fault) {
    arrival.logAnswered(operation, fault.status);
    return arrival.refuse(fault);
  }
  const asked = { operation, id, params, client, refused };
  const judge = spent && mayRunOn(native) ? backgroundFault(request) : undefined;
  const answer = await coreOf(env).handle(
    { ...asked, judge },
    takesBody,
    request,
    waitUntil,
    spent,
  );
  const key = params.upload && arrival.holder && presentedKey(request);
  if (key) await addUploadPass(answer, key, env);
  return answer;
};

// --- All routes ----------------------------------------------------------------------------------

const behind = (gate: Gate) =>
  createMiddleware<App>(async (c, next) => {
    const answer = await gate(c.env);
    if (answer) return answer;
    await next();
    return undefined;
  });

/** What there is in Google's own dialect has been found before: nothing of the others' stands for the rest. */
const turnAwayGoogle: Gate = async ({ request, path, refuse }) =>
  speaksGoogle(request) && request.method !== 'HEAD'
    ? refuse(unknownUrl(request.method, path))
    : undefined;

/** Of one without a memory: a response is not found, as any that is not there. */
const nothingThere = (path: string, id: string | undefined): Failure =>
  path.startsWith('/v1/responses') ? responseNotFound(id ?? '') : nothingStored;

/** The methods that each path takes, as a header field lists them. */
const methodsByPath = (
  of: readonly (readonly [method: string, path: string, ...rest: unknown[]])[],
): ReadonlyMap<string, string> => {
  const methods = new Map<string, string>();
  for (const [method, path] of of) {
    const others = methods.get(path);
    methods.set(path, others === undefined ? method : `${others}, ${method}`);
  }
  return methods;
};

warmUp(module);

const app = new Hono<App>();

app.use(answerPreflight);
app.use('/v1/*', behind(enter), behind(turnAwayGoogle));
app.use('/admin/*', guardOperatorAnswers);
app.use('/admin/api/*', requireAdminKey);
app.use('/metrics', requireMetricsKey);

for (const [method, path, operation, answer] of storedRoutes) {
  app.on(method, path, async (c) => {
    const params: Params = c.req.param();
    const { env } = c;
    const otherwise = nothingThere(path, params.id);
    const answered = await serveStored(env, coreOf(env.env), params, answer, otherwise);
    env.logAnswered(operation, answered.status);
    return answered;
  });
}

for (const route of routes) {
  const [method, path, operation] = route;
  app.on(method, path, (c) => serve(c.env, route, paramsOf(c, operation)));
}
// Paths of their own come before those of what is stored, which match two of them.
for (const [path, methods] of methodsByPath([...routes, ...storedRoutes])) {
  app.all(path, (c) => c.env.refuse(methodNotSupported(c.req.method, c.req.path, methods)));
}

app.post('/v1/moderations', (c) => c.env.refuse(moderationsNotServed));

app.get('/', welcome);
app.on(['GET', 'HEAD'], ['/admin', '/admin/*'], servePage);
for (const path of withoutV1) {
  app.all(path, (c) => c.env.refuse(lacksV1(c.req.method, c.req.path)));
}

app.notFound((c) => c.env.refuse(unknownUrl(c.req.method, c.req.path)));
app.onError((error, c) => failed(c.env, error));

// --- Every request -------------------------------------------------------------------------------

const answerTo = async (arrival: Arrival): Promise<Response> => {
  try {
    const route = directRoute(arrival);
    if (route) return await serveDirectly(arrival, route);
    const native = nativeRouteOf(arrival.request);
    return await (native ? serveNative(arrival, native) : app.fetch(arrival.request, arrival));
  } catch (error) {
    return failed(arrival, error);
  }
};

/** What every answer bears, whoever gave it. */
const finish = (arrival: Arrival, answer: Response): Response => {
  nameAnswer(arrival, answer);
  guardAnswer(answer);
  allowOrigin(arrival, answer);
  if (!arrival.fields) return answer;
  for (const [name, value] of Object.entries(arrival.fields)) {
    answer.headers.set(name, value);
  }
  return answer;
};

export { Pool } from './pool.ts';
export { Store } from './store.ts';
export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    const arrival = new Arrival(request, env, context);
    const answer = await answerTo(arrival);
    if (answer.status >= 400) await drain(request);
    return finish(arrival, answer);
  },
};
