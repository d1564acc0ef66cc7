import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { type JsonObject, objectIn, objectsIn } from '../../scripts/googlestub/json.ts';
import type { Call } from '../../scripts/googlestub/record.ts';
import type { Rondo } from './rondo.ts';

export const first = 'gemini-embedding-001';
export const second = 'gemini-embedding-2';
export const older = 'text-embedding-005';

export const textsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `Text number ${index}`);

export const embedCalls = ({ calls }: GoogleStub): Call[] =>
  calls.filter(({ kind }) => kind === 'embed');

/** The texts of one call, whichever verb it has. */
export function textsIn({ body }: Call): string[] {
  const request = body as JsonObject;
  const wanted = objectsIn(request, 'requests');
  const partsOf = (each: JsonObject) => objectsIn(objectIn(each, 'content') ?? {}, 'parts');
  if (request.content !== undefined) return partsOf(request).map(({ text }) => String(text));
  if (wanted.length > 0) return wanted.flatMap(partsOf).map(({ text }) => String(text));
  return objectsIn(request, 'instances').map(({ content }) => String(content));
}

export const embed = (rondo: Rondo, body: object): Promise<Response> =>
  rondo.fetch('/v1/embeddings', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

export async function vectorsOf(answer: Response | Promise<Response>): Promise<number[][]> {
  const { data } = (await (await answer).json()) as { data: { embedding: number[] }[] };
  return data.map(({ embedding }) => embedding);
}

export const lengthOf = (vector: readonly number[]): number => Math.hypot(...vector);
