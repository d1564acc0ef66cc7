import type { Account } from './accounts.ts';
import { type AnswerScene, defaultResponses } from './answers.ts';
import type { Refusal } from './errors.ts';
import { type Exchange, sendRefusal, writeFrames } from './exchange.ts';
import type { ApiBackend } from './families.ts';
import { type Fault, serviceOf, streamErrorOf } from './faults.ts';
import { isObject, type JsonObject, objectsIn, textIn } from './json.ts';
import { mergeResponses } from './merge.ts';
import type { Checked } from './message.ts';
import type { OpenCall } from './record.ts';
import { withCached } from './resources.ts';
import type { Route } from './routes.ts';
import type { Answer, Hold } from './scripts.ts';
import { spoiled } from './spoil.ts';
import { contentTypes, type Framing, framesOf, sliceAt, sseFrame } from './stream.ts';
import { stepsOf } from './turns.ts';
import { promptTokens, sumOf } from './usage.ts';
import { checkGenerate, signerOf } from './validate.ts';
import type { World } from './world.ts';

export interface GenerateCall {
  readonly exchange: Exchange;
  readonly route: Route;
  readonly account: Account;
  readonly open: OpenCall;
  readonly hold: Hold | undefined;
  readonly fault: Fault | undefined;
}

export function framingOf(route: Route, url: URL): Framing {
  if (route.method !== 'streamGenerateContent') return 'unary';
  return url.searchParams.get('alt') === 'sse' ? 'sse' : 'array';
}

/** A request that has passed the door: validate, count, answer. */
export async function answerGenerate(world: World, call: GenerateCall): Promise<void> {
  const { exchange, route, account } = call;
  const framing = framingOf(route, exchange.url);
  const checked = checkGenerate(world, exchange, route, account);
  if ('refusal' in checked) return refuse(call, checked.refusal, framing);
  const project = route.project ?? account.project;
  const service = serviceOf(route.backend);
  const spent = world.quotas.take(project, route.model ?? '', service, world.now());
  if (spent) return refuse(call, spent, framing);
  world.served += 1;
  await writeAnswer(world, call, checked, framing);
}

function refuse(call: GenerateCall, refusal: Refusal, framing: Framing): void {
  call.open.call.status = refusal.status;
  // Without alt=sse a stream's error comes as the only element of the array.
  sendRefusal(call.exchange, refusal, framing === 'array');
}

async function writeAnswer(
  world: World,
  call: GenerateCall,
  checked: Checked,
  framing: Framing,
): Promise<void> {
  const scripted = world.scripts.answers.take(call.open.call);
  const made =
    typeof scripted === 'function' ? scripted(checked.request, call.open.call) : scripted;
  const answer = made ?? { responses: defaultResponses(sceneOf(world, call, checked)) };
  const { fault } = call;
  const raw = 'bytes' in answer ? answer : undefined;
  const status = raw?.status ?? 200;
  call.open.call.status = status;
  call.exchange.response.writeHead(status, {
    'content-type': raw?.contentType ?? contentTypes[framing],
    vary: 'Origin, X-Origin, Referer',
  });
  const frames = bodyFrames(world, call, answer, framing);
  call.open.call.answer = Buffer.concat(frames.map((frame) => Buffer.from(frame))).toString();
  await writeFrames(call.exchange, call.open, {
    frames,
    pace: world.pace,
    hold: call.hold,
    cutAfter: fault?.kind === 'cut' ? (fault.after ?? 1) : undefined,
    cutInside: fault?.partial === true,
    silentAfter: fault?.kind === 'silent' ? fault.after : undefined,
  });
}

function sceneOf(world: World, { route, account }: GenerateCall, checked: Checked): AnswerScene {
  const model = route.model ?? '';
  const project = route.project ?? account.project;
  const request = withCached(world, checked.request, project);
  const prompt = promptTokens(request);
  const scope = `${project}|${model}|`;
  const signer = signerOf(world.families, route, account);
  const contents = stepsOf(objectsIn(request, 'contents'));
  const implicit = world.cache.cachedTokens(scope, request, sumOf(prompt));
  return {
    request: { ...request, contents },
    model,
    family: world.families.of(model),
    backend: route.backend as ApiBackend,
    streaming: route.method === 'streamGenerateContent',
    prompt,
    cached: cachedTokens(world, checked.request, project) ?? implicit,
    serial: world.served,
    now: world.now(),
    sign: (part) => world.signatures.make(signer, part),
    speech: world.play?.(checked.request),
  };
}

/** Those of the cache that the request names. */
function cachedTokens(world: World, request: JsonObject, project: string): number | null {
  const held = world.resources.heldBy(textIn(request, 'cachedContent') ?? '', project);
  return held && sumOf(promptTokens(held));
}

function bodyFrames(
  world: World,
  call: GenerateCall,
  answer: Answer,
  framing: Framing,
): (string | Uint8Array)[] {
  if ('bytes' in answer) {
    const { bytes, cuts } = answer;
    return sliceAt(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, cuts ?? []);
  }
  const { fault } = call;
  const events = fault ? spoiled(answer.responses, fault) : answer.responses;
  if (fault?.kind === 'stream-error') return withError(world, call, events, framing, fault);
  return framesOf(framing === 'unary' ? [mergeResponses(events)] : events, framing);
}

function withError(
  world: World,
  { route, open, account }: GenerateCall,
  events: readonly JsonObject[],
  framing: Framing,
  fault: Fault,
): string[] {
  const scene = { ...open.call, account, backend: route.backend, now: world.now() };
  const { body } = streamErrorOf(fault, scene);
  const error = isObject(body) ? body : {};
  if (framing === 'sse') {
    const last = fault.bare ? framesOf([error], 'unary') : [sseFrame(error)];
    return [...framesOf(events, framing), ...last];
  }
  return framesOf(framing === 'array' ? [...events, error] : [error], framing);
}
