import { type JsonObject, lineJson, prettyJson } from './json.ts';

/** `sse` with `?alt=sse`; without it Google streams the elements of a JSON array. */
export type Framing = 'sse' | 'array' | 'unary';

export const contentTypes: Readonly<Record<Framing, string>> = {
  sse: 'text/event-stream',
  array: 'application/json; charset=UTF-8',
  unary: 'application/json; charset=UTF-8',
};

/** Events end with CR LF twice, as Google's do. */
export function sseFrame(value: JsonObject): string {
  return `data: ${lineJson(value)}\r\n\r\n`;
}

export function framesOf(events: readonly JsonObject[], framing: Framing): string[] {
  if (framing === 'sse') return events.map(sseFrame);
  if (framing === 'unary') return events.map(prettyJson);
  if (events.length === 0) return ['[]'];
  const elements = events.map((event, index) => {
    const before = index === 0 ? '[' : ',\r\n';
    return before + prettyJson(event);
  });
  return [...elements, ']'];
}

/** Bytes cut at the given offsets; offsets out of order or out of range are left out. */
export function sliceAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const edges = [0, ...cuts.filter((cut) => cut > 0 && cut < bytes.length), bytes.length];
  const sorted = [...new Set(edges)].sort((one, other) => one - other);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}
