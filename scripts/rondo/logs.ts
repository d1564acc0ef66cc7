// `rondo logs`: one request a line, with its attempts, out of `wrangler tail`.
import { createInterface } from 'node:readline';
import { isObject, type Json, type JsonObject, textIn } from '../googlestub/json.ts';
import { inOneLine, type Paint } from './screen.ts';
import { objectsIn } from './status.ts';
import { Stop } from './stop.ts';
import type { World } from './world.ts';
import { plainWords, startWrangler } from './wrangler.ts';

/** Where one whole JSON value ends in a text that may hold several; undefined when none is whole. */
export function wholeValue(text: string): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (quoted) {
      if (c === '\\') i += 1;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === '{') depth += 1;
    else if (c === '}') {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return undefined;
}

export async function logs(world: World, worker: string | undefined): Promise<void> {
  const child = startWrangler(world, ['tail', ...(worker ? [worker] : []), '--format', 'json']);
  child.stdin?.end();
  let err = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    err = (err + chunk.toString()).slice(-1500);
  });
  const ended = new Promise<number>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 0));
  });
  let pending = '';
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    pending += `${line}\n`;
    const start = pending.indexOf('{');
    const end = start < 0 ? undefined : wholeValue(pending.slice(start));
    if (end === undefined) continue;
    for (const text of eventLines(pending.slice(start, start + end), world.screen.paint))
      world.screen.line(text);
    pending = pending.slice(start + end);
  }
  const code = await ended;
  if (code !== 0)
    throw new Stop(`wrangler tail failed: ${plainWords(err)}`, 'Sign in with npx wrangler login.');
}

const parsed = (text: Json | undefined): JsonObject | undefined => {
  try {
    const value = typeof text === 'string' ? (JSON.parse(text) as Json) : text;
    return value !== undefined && isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** What one event of the tail tells. */
export function eventLines(text: string, paint: Paint): string[] {
  const event = parsed(text);
  if (!event) return [];
  const records = objectsIn(event.logs).flatMap(({ message }) =>
    Array.isArray(message) ? message : [message],
  );
  const lines = records.flatMap((message) => recordLine(parsed(message), paint));
  const thrown = objectsIn(event.exceptions).map(({ message }) =>
    paint('red', inOneLine(`exception ${message}`)),
  );
  return [...lines, ...thrown];
}

function recordLine(record: JsonObject | undefined, paint: Paint): string[] {
  if (!record) return [];
  const event = textIn(record, 'event') ?? textIn(record, 'message') ?? textIn(record, 'msg');
  if (event !== 'request') {
    const rest = Object.entries(record).filter(
      ([name]) => !['level', 'event', 'time'].includes(name),
    );
    const told = rest.map(
      ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    return [paint('dim', inOneLine(`${event ?? ''} ${told.join(' ')}`.trim()))];
  }
  const status = Number(record.status);
  const parts = [
    `${record.ms} ms`,
    ...['operation', 'model', 'client'].flatMap((name) => textIn(record, name) ?? []),
    ...(record.client_left ? [`client left ${record.client_left}`] : []),
    ...objectsIn(record.attempts).map(attemptText),
    ...(record.prompt_tokens === undefined
      ? []
      : [`${record.prompt_tokens}+${record.completion_tokens} tokens`]),
    textIn(record, 'request') ?? '',
  ];
  const painted = paint(status < 400 ? 'green' : 'red', String(status));
  return [[painted, ...parts.map(inOneLine)].join('  ')];
}

function attemptText(attempt: JsonObject): string {
  const reason = attempt.reason ? ` (${attempt.reason})` : '';
  return `→ ${attempt.credential} ${attempt.class} ${attempt.status} ${attempt.ms} ms${reason}`;
}
