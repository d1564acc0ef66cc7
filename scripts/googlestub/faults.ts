import type { Account } from './accounts.ts';
import { bareRefusal } from './callturns.ts';
import { type Refusal, refusal } from './errors.ts';
import { isObject, type JsonObject } from './json.ts';
import { projectNumber } from './projects.ts';
import { broken, denied, limited, named, type Refuse, type Scene } from './refusals.ts';
import { tokenFaults } from './tokenfaults.ts';

export type RefusalKind =
  | keyof typeof limited
  | keyof typeof denied
  | keyof typeof named
  | keyof typeof broken
  /** Any other: `status` and `message` of the fault, in Google's form. */
  | 'says';
export type TokenFaultKind = keyof typeof tokenFaults;
/** These happen on the wire, or to an answer that began well. */
const wireKinds = [
  /** The connection is reset before any byte. */
  'reset',
  /** The connection breaks after so many events, or inside one. */
  'cut',
  /** The call is accepted and never answered; with `after`, not from that event on. */
  'silent',
  /** A stream of status 200 with an error in it. */
  'stream-error',
  /** Nothing at all: no event, or `{}`. */
  'empty',
  'no-candidates',
  /** Of several candidates one, of that `index`, has no content. */
  'empty-candidate',
  'no-finish',
  /** No content, but a reason why; `NO_IMAGE` when an image model makes none. */
  'finish',
  /** Each call in two parts: its name with empty arguments, then its arguments without a name. */
  'split-call',
  'blocked',
  /** `status`, `body` and `headers` as they are. */
  'raw',
] as const;
export type WireKind = (typeof wireKinds)[number];
export type FaultKind = RefusalKind | TokenFaultKind | WireKind;

export interface Fault {
  kind: FaultKind;
  /** The delay that a 429 names. */
  seconds?: number;
  /** `minute-base`: the base model, else the asked id without its version. */
  base?: string;
  /** `cut`, `silent`, `stream-error`, `finish`: so many events come before. */
  after?: number;
  /** `cut`: half of the next event is sent as well. */
  partial?: boolean;
  /** `stream-error`: which one; `bare`: as plain JSON, without `data:`. */
  error?: RefusalKind;
  bare?: boolean;
  /** `finish`, `blocked`, `empty-candidate`: the reason. */
  reason?: string;
  /** `finish`: `finishMessage`; `says`, and a `stream-error` of that kind: the error's. */
  message?: string;
  /** `says`: the error's. */
  details?: JsonObject[];
  /** `empty-candidate`. */
  index?: number;
  /** The error body inside an array of one. */
  wrapped?: boolean;
  /** The error as a string of JSON inside another error's message. */
  nested?: boolean;
  /** Added to the answer's. */
  headers?: Record<string, string>;
  /** `raw`, `says`. */
  status?: number;
  /** `raw`. */
  body?: string;
}

const refusals: Readonly<Record<string, Refuse>> = { ...limited, ...denied, ...named, ...broken };
const tokenRefusals: Readonly<Record<string, Refuse>> = tokenFaults;

export interface FaultScene {
  readonly model: string | null;
  readonly project: string | null;
  readonly backend: string | null;
  readonly account: Pick<Account, 'email' | 'apiKey'> | null;
  readonly now: number;
}

/** `gemini-4-argon` for `gemini-4-argon-001` and `gemini-4-argon-preview-11-2026`. */
function baseOf(model: string): string {
  return model.replace(/-(\d{3}|latest|preview(-\d+)*)$/, '');
}

function sceneOf(fault: Fault, scene: FaultScene): Scene {
  const model = scene.model ?? 'unknown';
  const project = scene.project ?? 'unknown';
  return {
    model,
    base: fault.base ?? baseOf(model),
    project,
    number: projectNumber(project),
    email: scene.account?.email ?? 'nobody@sim.example',
    consumer: consumerOf(scene.account, project),
    backend: scene.backend ?? 'gemini',
    service: serviceOf(scene.backend),
    now: scene.now,
    seconds: (otherwise) => fault.seconds ?? otherwise,
  };
}

/** Who calls, as Google names him when it refuses him: by his project's number or by his key. */
export function consumerOf(account: FaultScene['account'], project: string): string {
  const key = account?.apiKey ?? '';
  return key === '' ? `project_number:${projectNumber(project)}` : `api_key:${key}`;
}

export function serviceOf(backend: string | null): string {
  return backend === 'vertex' ? 'aiplatform.googleapis.com' : 'generativelanguage.googleapis.com';
}

/** The refusal a fault stands for; null for faults of the wire. */
export function refusalOf(fault: Fault, scene: FaultScene): Refusal | null {
  if (fault.kind === 'raw') return dress(fault, { status: fault.status ?? 200, body: '' });
  if (fault.kind === 'says') return dress(fault, saidBy(fault));
  const table = scene.backend === 'oauth' ? tokenRefusals : refusals;
  const refuse = table[fault.kind];
  if (refuse) return dress(fault, refuse(sceneOf(fault, scene)));
  if (wireKinds.some((kind) => kind === fault.kind)) return null;
  throw new Error(`No fault "${fault.kind}" for ${scene.backend}`);
}

function saidBy({ status, message, details }: Fault): Refusal {
  return refusal(status ?? 400, message ?? bareRefusal, details);
}

/** The error that a `stream-error` puts into a stream that began with 200. */
export function streamErrorOf(fault: Fault, scene: FaultScene): Refusal {
  if (fault.error === 'says') return saidBy(fault);
  const refuse = refusals[fault.error ?? 'unavailable'];
  if (!refuse) throw new Error(`No fault "${fault.error}" to put into a stream`);
  return refuse(sceneOf(fault, scene));
}

function dress(fault: Fault, plain: Refusal): Refusal {
  const headers = { ...plain.headers, ...fault.headers };
  return { status: plain.status, headers, body: dressedBody(fault, plain) };
}

function dressedBody(fault: Fault, plain: Refusal): Refusal['body'] {
  if (fault.body !== undefined) return fault.body;
  if (!isObject(plain.body)) return plain.body;
  let body = plain.body;
  if (fault.nested) {
    const message = JSON.stringify(body);
    body = { error: { code: plain.status, message, status: 'UNKNOWN' } };
  }
  return fault.wrapped ? `[${JSON.stringify(body, null, 2)}\n]\n` : body;
}
