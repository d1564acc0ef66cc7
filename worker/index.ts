import { type Context, Hono } from 'hono';
import type { App } from './app.ts';
import { Log } from './core/log.ts';
import module from './core/rondo.wasm';
import { refusalOf, speaksAnthropic } from './dialects.ts';
import {
  errorResponse,
  internalError,
  lacksV1,
  methodNotSupported,
  responseNotFound,
  unknownUrl,
} from './errors.ts';
import { requireAdminKey, requireMetricsKey } from './middleware/adminkey.ts';
import { requireClientKey } from './middleware/clientkey.ts';
import { attachCore } from './middleware/core.ts';
import { allowOrigins } from './middleware/cors.ts';
import { guardAnswers } from './middleware/guards.ts';
import { holdToLimits } from './middleware/limits.ts';
import { nameRequest } from './middleware/requestid.ts';
import { workerReport } from './operator.ts';
import { guardOperatorAnswers, servePage } from './page.ts';
import { warmUp } from './warmup.ts';
import { welcome, withoutV1 } from './welcome.ts';

// Method, path, the module's operation that answers it, and whether that takes a body.
const routes = [
  ['POST', '/v1/chat/completions', 'chat_completions', 'body'],
  ['POST', '/v1/messages', 'messages', 'body'],
  ['POST', '/v1/messages/count_tokens', 'count_message_tokens', 'body'],
  ['POST', '/v1/responses', 'responses', 'body'],
  ['POST', '/v1/responses/input_tokens', 'count_response_tokens', 'body'],
  ['POST', '/v1/responses/compact', 'compact_response', 'body'],
  ['GET', '/v1/models', 'list_models', 'no body'],
  ['GET', '/v1/models/:id{.+}', 'get_model', 'no body'],
  ['GET', '/health', 'health', 'no body'],
  ['GET', '/metrics', 'metrics', 'no body'],
  ['GET', '/admin/api/pool', 'pool_status', 'no body'],
  ['GET', '/admin/api/explain', 'explain_model', 'no body'],
  ['GET', '/admin/api/requests', 'recent_requests', 'no body'],
  ['GET', '/admin/api/series', 'counters_series', 'no body'],
  ['GET', '/admin/api/settings', 'settings_report', 'no body'],
  ['POST', '/admin/api/credentials/:credential/reset', 'reset_credential', 'no body'],
  ['POST', '/admin/api/credentials/:credential/test', 'test_credential', 'no body'],
  ['POST', '/admin/api/credentials/:credential/chat', 'chat_completions', 'body'],
  ['POST', '/admin/api/chat', 'chat_completions', 'body'],
] as const;

/** Operations that answer Anthropic's clients by the same address in words of their own. */
const ofAnthropic: Readonly<Record<string, string>> = {
  list_models: 'list_anthropic_models',
  get_model: 'get_anthropic_model',
};

const operationFor = (operation: string, request: Request): string =>
  (speaksAnthropic(request) && ofAnthropic[operation]) || operation;

/** What each operation reads of the query. */
const queries: Readonly<Record<string, readonly string[]>> = {
  list_models: ['limit', 'after_id', 'before_id'],
  explain_model: ['model'],
  test_credential: ['model'],
  recent_requests: ['limit', 'model', 'credential', 'client', 'status'],
  counters_series: ['span'],
};

const queryOf = ({ req }: Context, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = req.query(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** What the address says, and of its own settings the worker. */
const paramsOf = (c: Context<App>, operation: string): Record<string, string> => {
  if (operation === 'settings_report') return { worker: workerReport(c.env) };
  const names = queries[operation];
  return names ? { ...queryOf(c, names), ...c.req.param() } : c.req.param();
};

const refusal = (c: Context<App>) => refusalOf(c.req.raw, c.var.requestId);

// What asks for a response that was stored. None is.
const storedResponses = [
  ['GET', '/v1/responses/:id'],
  ['DELETE', '/v1/responses/:id'],
  ['GET', '/v1/responses/:id/input_items'],
  ['POST', '/v1/responses/:id/cancel'],
] as const;

warmUp(module);

const app = new Hono<App>();

app.use(nameRequest);
app.use(guardAnswers);
app.use(allowOrigins);
app.use('/v1/*', requireClientKey, holdToLimits, attachCore);
app.use('/health', attachCore);
app.use('/admin/*', guardOperatorAnswers);
app.use('/admin/api/*', requireAdminKey, attachCore);
app.use('/metrics', requireMetricsKey, attachCore);

for (const [method, path] of storedResponses) {
  app.on(method, path, (c) => errorResponse(responseNotFound(c.req.param('id'))));
}

for (const [method, path, operation, takesBody] of routes) {
  app.on(method, path, (c) =>
    c.var.core.handle(
      {
        operation: operationFor(operation, c.req.raw),
        id: c.var.requestId,
        params: paramsOf(c, operation),
        client: c.var.client ?? { name: 'anonymous' },
      },
      takesBody,
      c.req.raw,
      (promise) => c.executionCtx.waitUntil(promise),
      c.var.spent,
    ),
  );
  app.all(path, (c) => refusal(c)(methodNotSupported(c.req.method, c.req.path, method)));
}

app.get('/', welcome);
app.on(['GET', 'HEAD'], ['/admin', '/admin/*'], servePage);
for (const path of withoutV1) {
  app.all(path, (c) => refusal(c)(lacksV1(c.req.method, c.req.path)));
}

// Behind the routes, of which two have such a path of their own.
for (const path of new Set(storedResponses.map(([, path]) => path))) {
  const methods = storedResponses.filter((each) => each[1] === path).map(([method]) => method);
  app.all(path, (c) =>
    refusal(c)(methodNotSupported(c.req.method, c.req.path, methods.join(', '))),
  );
}

app.notFound((c) => refusal(c)(unknownUrl(c.req.method, c.req.path)));
app.onError((error, c) => {
  new Log(c.env.LOG_LEVEL).error('worker_failed', { message: error.message });
  return refusal(c)(internalError);
});

export { Pool } from './pool.ts';
export default app;
