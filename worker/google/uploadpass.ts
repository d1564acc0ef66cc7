// What lets an upload's bytes in. Google's addresses for them need no key, and many clients send none
// there: those of https://ai.google.dev/api/files and of the ai package, to name two. So the address
// that Rondo tells bears the client's key, sealed for that upload by what only this deployment knows.
import { bounds } from '../core/bounds.ts';
import { Sealer } from '../core/cipher.ts';
import type { Env } from '../core/core.ts';
import { uploadPass } from './address.ts';

const field = 'x-goog-upload-url';
const encoder = new TextEncoder();

/** A variable of the worker's, and no binding. */
const isVariable = (value: unknown): boolean => {
  if (typeof value === 'string' || Array.isArray(value)) return true;
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
};

const sealerOf = (env: Env): Sealer => {
  const variables = Object.entries(env).filter(([, value]) => isVariable(value));
  const secret = JSON.stringify(variables.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return new Sealer(encoder.encode(secret), 'rondo upload');
};

let sealerOfIsolate: Sealer | undefined;

const sealer = (env: Env): Sealer => {
  sealerOfIsolate ??= sealerOf(env);
  return sealerOfIsolate;
};

const idIn = (url: string): string => URL.parse(url)?.searchParams.get('upload_id') ?? '';

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
  if (url === null) return;
  const pass: Pass = { key, until: Date.now() + bounds.uploadPassMs };
  const sealed = await sealer(env).seal(idIn(url), encoder.encode(JSON.stringify(pass)));
  const text = textOf(sealed);
  const mark = url.includes('?') ? '&' : '?';
  answer.headers.set(field, `${url}${mark}${uploadPass}=${text}`);
};

/** The client key that the address of an upload bears. At any other address it counts for nothing. */
export const keyOfUpload = async (
  { method, url }: Pick<Request, 'method' | 'url'>,
  env: Env,
): Promise<string | undefined> => {
  if (method !== 'POST' || !url.includes(`${uploadPass}=`)) return undefined;
  const address = URL.parse(url);
  const text = address?.searchParams.get(uploadPass) ?? '';
  if (!address?.pathname.startsWith('/upload/')) return undefined;
  if (text === '' || text.length > bounds.uploadPassChars) return undefined;
  try {
    const plain = await sealer(env).open(idIn(url), bytesOf(text));
    const { key, until } = JSON.parse(new TextDecoder().decode(plain)) as Pass;
    return Date.now() < until ? key : undefined;
  } catch {
    return undefined;
  }
};
