import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Refusal } from './errors.ts';
import { isObject, type Json, type JsonObject, prettyJson } from './json.ts';
import type { OpenCall } from './record.ts';
import type { Hold } from './scripts.ts';

/** One request as read, and the answer still to be written. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly bytes: Buffer;
}

const jsonType = 'application/json; charset=UTF-8';
const vary = 'Origin, X-Origin, Referer';

/** The body; undefined when it is larger than `most`. */
export async function readBody(
  request: IncomingMessage,
  most: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= most) chunks.push(chunk as Buffer);
  }
  return size > most ? undefined : Buffer.concat(chunks);
}

/** The body where it is a JSON object, else an empty one. */
export function objectBody({ bytes }: Exchange): JsonObject {
  try {
    const body = JSON.parse(bytes.toString()) as Json;
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

type Head = Readonly<Record<string, string>>;

/** A whole body, compressed for those that take it so, as Google's front end does. */
function sendText({ request, response }: Exchange, status: number, head: Head, text: string): void {
  const isCompressed = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const encoding = isCompressed && { 'content-encoding': 'gzip' };
  response.writeHead(status, { 'content-type': jsonType, vary, ...head, ...encoding });
  response.end(isCompressed ? gzipSync(text) : text);
}

export function sendJson(exchange: Exchange, status: number, body: Json): void {
  sendText(exchange, status, {}, prettyJson(body));
}

export function sendRefusal(exchange: Exchange, refusal: Refusal, inArray = false): void {
  const { status, headers = {}, body } = refusal;
  const text = typeof body === 'string' ? body : prettyJson(body);
  const isWrapped = inArray && typeof body !== 'string';
  sendText(exchange, status, headers, isWrapped ? `[${text}]\n` : text);
}

/** The connection is reset before any byte of an answer. */
export function resetConnection({ response }: Exchange, open: OpenCall): void {
  open.finish('cut');
  response.socket?.resetAndDestroy();
}

export interface FramePlan {
  readonly frames: readonly (string | Uint8Array)[];
  readonly pace: number;
  readonly hold: Hold | undefined;
  /** Undefined: no cut. */
  readonly cutAfter: number | undefined;
  readonly cutInside: boolean;
  /** After so many frames nothing more comes, and the connection stays. */
  readonly silentAfter: number | undefined;
}

/** Writes frame by frame, each in a piece of its own as far as TCP lets it. */
export async function writeFrames(
  { response }: Exchange,
  open: OpenCall,
  plan: FramePlan,
): Promise<void> {
  response.flushHeaders();
  await setImmediate();
  for (let sent = 0; sent <= plan.frames.length; sent += 1) {
    if (plan.hold?.after === sent) await plan.hold.pass(open.call);
    if (open.call.end || plan.silentAfter === sent) return;
    const frame = plan.frames[sent];
    if (plan.cutAfter === sent || (frame === undefined && (plan.cutAfter ?? -1) >= sent)) {
      if (frame !== undefined && plan.cutInside) await write(response, half(frame));
      open.finish('cut');
      response.destroy();
      return;
    }
    if (frame === undefined) break;
    await write(response, frame);
    if (plan.pace > 0) await setTimeout(plan.pace);
  }
  if (plan.hold?.after !== undefined && plan.hold.after > plan.frames.length) {
    await plan.hold.pass(open.call);
  }
  response.end();
}

async function write(response: ServerResponse, frame: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => response.write(frame, () => resolve()));
  await setImmediate();
}

/** In bytes: the cut may fall inside a character. */
function half(frame: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(frame);
  return bytes.subarray(0, Math.ceil(bytes.length / 2));
}
