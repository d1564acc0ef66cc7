// u32 little-endian length of the head | the head, a JSON object | the body, raw bytes.

import { numberBytes, viewOf } from './numbers.ts';

export interface Frame<Head extends object> {
  readonly head: Head;
  /** Looks into the bytes the frame was read from. */
  readonly body: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The head is not looked at: each side writes what abi.ts says. */
export const readFrame = <Head extends object>(bytes: Uint8Array): Frame<Head> => {
  const bodyAt = numberBytes + viewOf(bytes).getUint32(0, true);
  return {
    head: JSON.parse(decoder.decode(bytes.subarray(numberBytes, bodyAt))),
    body: bytes.subarray(bodyAt),
  };
};

export const writeFrame = <Head extends object>(
  head: Head,
  body: Uint8Array = new Uint8Array(),
): Uint8Array => {
  const text = encoder.encode(JSON.stringify(head));
  const bytes = new Uint8Array(numberBytes + text.length + body.length);
  viewOf(bytes).setUint32(0, text.length, true);
  bytes.set(text, numberBytes);
  bytes.set(body, numberBytes + text.length);
  return bytes;
};

/** For a `do` that abi.ts doesn't list, which only a module of another version can write. */
export const unknownDo = (head: { readonly do: never }): never => {
  throw new Error(`The worker can't do "${head.do}".`);
};
