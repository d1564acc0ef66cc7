// What lets an upload's bytes in. Google's addresses for them need no key, and many clients send none
// there: those of https://ai.google.dev/api/files and of the ai package, to name two. So the address
// that Rondo tells bears the client's key, sealed for that upload by what only this deployment knows.
import { bounds } from '../core/bounds.ts';
import { Sealer } from '../core/cipher.ts';
import type { Env } from '../core/core.ts';
import { varsOf } from '../core/settings.ts';
import { uploadPass } from './query.ts';

const field = 'x-goog-upload-url';
const encoder = new TextEncoder();

const sealerOf = (env: Env): Sealer => {
  const variables = Object.entries(varsOf(env)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const secret = JSON.stringify(variables);
  return new Sealer(encoder.encode(secret), 'rondo upload');
};

let sealerOfIsolate: Sealer | undefined;

const sealer = (env: Env): Sealer => {
  sealerOfIsolate ??= sealerOf(env);
  return sealerOfIsolate;
};

/** What a pass is good for: one path with one query, from whatever host. */
const placeOf = (url: URL): string => {
  const query = new URLSearchParams(url.search);
  query.delete(uploadPass);
  return `${url.pathname}?${query}`;
};

/** Base64 with the letters of an address. */
const textOf = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
    letter.charCodeAt(0),
  );

interface Pass {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Has the answer's address of an upload, if there is one, let in whoever has it. */
export const addUploadPass = async (answer: Response, key: string, env: Env): Promise<void> => {
  const url = answer.headers.get(field);
  const address = url === null ? null : URL.parse(url);
  if (!address) return;
  const pass: Pass = { key, until: Date.now() + bounds.uploadPassMs };
  const sealed = await sealer(env).seal(placeOf(address), encoder.encode(JSON.stringify(pass)));
  const mark = address.search === '' ? '?' : '&';
  answer.headers.set(field, `${url}${mark}${uploadPass}=${textOf(sealed)}`);
};

/** Methods that bring an upload's bytes: Google takes either. */
const carrying: ReadonlySet<string> = new Set(['POST', 'PUT']);

/**
 * The client key that the address of an upload bears. At any other address, and for another upload that
 * would begin there, it counts for nothing.
 */
export const keyOfUpload = async (
  { method, url, headers }: Pick<Request, 'method' | 'url' | 'headers'>,
  env: Env,
): Promise<string | undefined> => {
  if (!carrying.has(method) || !url.includes(`${uploadPass}=`)) return undefined;
  const address = URL.parse(url);
  const text = address?.searchParams.get(uploadPass) ?? '';
  const begins = headers.get('x-goog-upload-command')?.includes('start') ?? true;
  if (begins || !address?.pathname.startsWith('/upload/')) return undefined;
  if (text === '' || text.length > bounds.uploadPassChars) return undefined;
  try {
    const plain = await sealer(env).open(placeOf(address), bytesOf(text));
    const { key, until } = JSON.parse(new TextDecoder().decode(plain)) as Pass;
    return Date.now() < until ? key : undefined;
  } catch {
    return undefined;
  }
};
