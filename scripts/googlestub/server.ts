import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { authorise, type Identity, identify } from './access.ts';
import type { Account } from './accounts.ts';
import { answerCompatible } from './compatible.ts';
import { invalidArgument, type Refusal, refusal } from './errors.ts';
import {
  type Exchange,
  readBody,
  resetConnection,
  sendJson,
  sendRefusal,
  writeFrames,
} from './exchange.ts';
import { type Fault, refusalOf } from './faults.ts';
import { answerGenerate, framingOf } from './generate.ts';
import type { Json, JsonObject } from './json.ts';
import { listOf, nothingHere } from './lists.ts';
import { measure } from './measure.ts';
import { answerChat } from './openai.ts';
import { chatModelOf } from './openaichat.ts';
import type { OpenCall } from './record.ts';
import { answerResource } from './resources.ts';
import { type Route, routeOf } from './routes.ts';
import type { Hold } from './scripts.ts';
import type { World } from './world.ts';

/** Paths below this one are not Google's. */
export const controlPrefix = '/__stub/';

const usualRequestBytes = 100 * 1024 ** 2;

/** Answers what is asked of the stub itself. */
export type Control = (exchange: Exchange) => void;

export function makeServer(world: World, control: Control): Server {
  const server = createServer({ noDelay: true, keepAlive: true }, (request, response) => {
    serve(world, control, request, response).catch((error: unknown) => fail(response, error));
  });
  // A pooled connection that the server drops between two calls looks like an upstream fault.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  return server;
}

/** A bug of the stub, which must not look like an answer of Google. */
function fail(response: ServerResponse, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`google stub: ${text}\n`);
  if (!response.headersSent) response.writeHead(599, { 'content-type': 'text/plain' });
  response.end(text);
}

async function serve(
  world: World,
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://stub');
  const route = routeOf(request.method ?? 'GET', url.pathname);
  const most = largestBody(world, route, url.pathname);
  const bytes = await readBody(request, most).catch(() => null);
  // The caller left before it had sent its whole request.
  if (bytes === null) return;
  const exchange: Exchange = { request, response, url, bytes: bytes ?? Buffer.alloc(0) };
  if (bytes === undefined) return refuseLarge(world, exchange, route, most);
  if (url.pathname.startsWith(controlPrefix)) return control(exchange);
  if (route.kind === 'token') return serveToken(world, exchange, route);
  await serveApi(world, exchange, route);
}

/** Before anybody looks at who calls. */
function refuseLarge(world: World, exchange: Exchange, route: Route, most: number): void {
  const { headers } = exchange.request;
  const { account } = identify(route, headers, world.accounts, world.now());
  const open = openCall(world, exchange, route, account, null, route.method);
  const refused = invalidArgument(`Request payload size exceeds the limit: ${most} bytes.`);
  answerRefusal(exchange, open, refused, isInArray(route, exchange.url));
}

/** How much a request may be of. An upload has limits of its own, by its file. */
function largestBody({ families }: World, { model, kind }: Route, path: string): number {
  if (path.startsWith('/upload/')) return Infinity;
  const isOfModel = model !== null && kind !== 'resource';
  return isOfModel ? families.of(model).requestBytes : usualRequestBytes;
}

/** Opens the record of a call, and closes it when the connection's end is known. */
function openCall(
  world: World,
  { request, response, url, bytes }: Exchange,
  route: Route,
  account: Account | null,
  body: Json,
  method: string | null,
): OpenCall {
  const open = world.record.open({
    time: world.now(),
    kind: route.kind,
    backend: route.backend,
    credential: account?.name ?? null,
    credentialKind: account?.kind ?? null,
    project: route.project ?? account?.project ?? null,
    location: route.location,
    model: route.model,
    method,
    verb: request.method ?? '',
    path: url.pathname + url.search,
    headers: request.headers,
    body,
    bytes,
  });
  response.once('finish', () => open.finish('finished'));
  response.once('close', () => open.finish(response.writableFinished ? 'finished' : 'aborted'));
  return open;
}

/** Waits where the test holds the call; tells whether the caller is still there afterwards. */
async function passHold(open: OpenCall, hold: Hold | undefined): Promise<boolean> {
  if (hold && hold.after === undefined) await hold.pass(open.call);
  return open.call.end === null;
}

/** Plays a scripted fault that replaces the whole answer. */
function refuseByFault(
  world: World,
  exchange: Exchange,
  open: OpenCall,
  fault: Fault,
  inArray: boolean,
): boolean {
  open.call.fault = fault.kind;
  if (fault.kind === 'reset') {
    resetConnection(exchange, open);
    return true;
  }
  // The caller waits until he gives up.
  if (fault.kind === 'silent' && fault.after === undefined) return true;
  const account = world.accounts.find(open.call.credential);
  const refused = refusalOf(fault, { ...open.call, account, now: world.now() });
  if (!refused) return false;
  answerRefusal(exchange, open, refused, inArray);
  return true;
}

function answerRefusal(
  exchange: Exchange,
  open: OpenCall,
  refused: Refusal,
  inArray = false,
): void {
  open.call.status = refused.status;
  sendRefusal(exchange, refused, inArray);
}

async function serveToken(world: World, exchange: Exchange, route: Route): Promise<void> {
  const form = new URLSearchParams(exchange.bytes.toString());
  const account = world.tokens.accountOf(form);
  const body: JsonObject = Object.fromEntries(form);
  const grant = form.get('grant_type')?.replace(/^.*:/, '') ?? null;
  const open = openCall(world, exchange, route, account, body, grant);
  if (!(await passHold(open, world.scripts.holds.take(open.call)))) return;
  const fault = world.scripts.faults.take(open.call);
  if (fault && refuseByFault(world, exchange, open, fault, false)) return;
  const contentType = exchange.request.headers['content-type'] ?? '';
  const times = { now: world.now(), callerNow: world.callerNow() };
  const answer = world.tokens.answer({ form, contentType, ...times });
  open.call.status = answer.status;
  sendJson(exchange, answer.status, answer.body);
}

async function serveApi(world: World, exchange: Exchange, route: Route): Promise<void> {
  const { headers } = exchange.request;
  const identity = identify(route, headers, world.accounts, world.now());
  const isMeasured = route.kind === 'generate' || route.kind === 'embed';
  if (world.bench && isMeasured && !identity.refusal) {
    return serveBench(world, exchange, route);
  }
  const body = parsedBody(exchange);
  // Where the path names no model the body does.
  const named = isOpenAi(route) ? { ...route, model: route.model ?? chatModelOf(body) } : route;
  const open = openCall(world, exchange, named, identity.account, body, route.method);
  const refused = doorRefusal(world, exchange, route, identity);
  const { account } = identity;
  const inArray = isInArray(route, exchange.url);
  if (refused || !account) {
    return answerRefusal(exchange, open, refused ?? nothingHere(), inArray);
  }
  const hold = world.scripts.holds.take(open.call);
  if (!(await passHold(open, hold))) return;
  const fault = world.scripts.faults.take(open.call);
  if (fault && refuseByFault(world, exchange, open, fault, inArray)) return;
  const denied = authorise(route, identity, headers, world.accounts);
  if (denied) return answerRefusal(exchange, open, denied, inArray);
  if (route.kind === 'generate') {
    return answerGenerate(world, { exchange, route, account, open, hold, fault });
  }
  if (route.kind === 'chat') {
    return answerChat(world, { exchange, route, account, open, hold, fault });
  }
  if (route.kind === 'compatible') {
    return answerWith(exchange, open, answerCompatible(world, exchange, route, account), inArray);
  }
  if (route.kind === 'resource') {
    const told = answerResource(world, exchange, route, account);
    if ('status' in told) return answerRefusal(exchange, open, told);
    open.call.status = 200;
    for (const [name, value] of Object.entries(told.headers ?? {})) {
      exchange.response.setHeader(name, value);
    }
    if (!told.events) return sendJson(exchange, 200, told.body);
    exchange.response.writeHead(200, { 'content-type': 'text/event-stream' });
    const plan = { pace: world.pace, hold, cutAfter: undefined, cutInside: false };
    return writeFrames(exchange, open, { ...plan, frames: told.events, silentAfter: undefined });
  }
  const lists = route.kind === 'list' || route.kind === 'get';
  const answer = lists
    ? listOf(world, route, account, exchange.url.searchParams)
    : measure(world, exchange, route, account);
  answerWith(exchange, open, answer, inArray);
}

const isOpenAi = ({ kind }: Route): boolean => kind === 'chat' || kind === 'compatible';

/** Whether its errors are the only element of an array. */
const isInArray = (route: Route, url: URL): boolean =>
  isOpenAi(route) || framingOf(route, url) === 'array';

function answerWith(
  exchange: Exchange,
  open: OpenCall,
  answer: JsonObject | Refusal,
  inArray: boolean,
): void {
  if (isRefusal(answer)) {
    answerRefusal(exchange, open, answer, inArray);
  } else {
    open.call.status = 200;
    sendJson(exchange, 200, answer);
  }
}

function isRefusal(answer: JsonObject | Refusal): answer is Refusal {
  return typeof answer.status === 'number';
}

function parsedBody({ bytes }: Exchange): Json {
  try {
    return JSON.parse(bytes.toString()) as Json;
  } catch {
    return null;
  }
}

const knownQuery = new Set([
  'alt',
  '$alt',
  'fields',
  'pageSize',
  'pageToken',
  'prettyPrint',
  'quotaUser',
  'updateMask',
  'upload_id',
  'upload_protocol',
]);

/** Those of an interaction that is looked at: https://ai.google.dev/api/interactions-api. */
const interactionQuery = new Set(['stream', 'last_event_id', 'include_input']);

/** What stops a call before its credential's rights are looked at. */
function doorRefusal(
  _world: World,
  { url }: Exchange,
  route: Route,
  identity: Identity,
): Refusal | null {
  if (route.kind === 'unknown') return nothingHere();
  // The address of an upload is Google's own, and bears one.
  if (url.searchParams.has('upload_id')) url.searchParams.delete('key');
  if (url.searchParams.has('key')) {
    // Google would take it. A key in a URL ends in logs, so no caller of ours may send one.
    return refusal(400, 'GOOGLE STUB: an API key in the URL. Send it as x-goog-api-key.');
  }
  for (const name of url.searchParams.keys()) {
    const isOfInteraction = route.method === 'interactions' && interactionQuery.has(name);
    if (!knownQuery.has(name) && !isOfInteraction) return unknownParameter(name);
  }
  return identity.refusal;
}

function unknownParameter(name: string): Refusal {
  return invalidArgument(
    `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. ` +
      `Field '${name}' could not be found in request message.`,
  );
}

async function serveBench(world: World, exchange: Exchange, route: Route): Promise<void> {
  const { bench } = world;
  if (!bench) return;
  world.served += 1;
  const { response, url } = exchange;
  const streaming = framingOf(route, url) !== 'unary';
  response.writeHead(200, {
    'content-type': streaming ? 'text/event-stream' : 'application/json; charset=UTF-8',
  });
  if (!streaming) return void response.end(bench.unary);
  if (bench.interval === undefined) return void response.end(bench.burst);
  for (const frame of bench.frames) {
    await new Promise<void>((resolve) => response.write(frame, () => resolve()));
    await (bench.interval > 0 ? setTimeout(bench.interval) : setImmediate());
    if (response.destroyed) return;
  }
  response.end();
}
