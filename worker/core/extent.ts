// How much a JSON text is, found without taking it apart: its values take many times the memory of
// their text, and a parser would have made them all before anybody could count them.

const decoder = new TextDecoder();

export interface Extent {
  /** Of arrays and objects in one another. */
  readonly levels: number;
  /** Never fewer than there are. An empty array or object counts as two. */
  readonly values: number;
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Where a text ends that begins at a quote: at its last one, or behind all bytes. */
const endOfText = (bytes: Uint8Array, begin: number): number => {
  let at = begin + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
};

/** Of what is no JSON, it tells something. */
export const extentOf = (bytes: Uint8Array): Extent => {
  let [level, levels, values] = [0, 0, 1];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) {
      at = endOfText(bytes, at);
    } else if (byte === comma) {
      values += 1;
    } else if (byte === openArray || byte === openObject) {
      values += 1;
      level += 1;
      if (level > levels) levels = level;
    } else if (byte === closeArray || byte === closeObject) {
      level -= 1;
    }
  }
  return { levels, values };
};

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** How often an object has a member of that name itself, however it is spelled. Of JSON alone. */
export const countMembers = (bytes: Uint8Array, name: string): number => {
  let [level, count] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === openArray || byte === openObject) level += 1;
    if (byte === closeArray || byte === closeObject) level -= 1;
    if (byte !== quote) continue;
    const begin = at;
    at = endOfText(bytes, begin);
    let behind = at + 1;
    while (isSpace(bytes[behind])) behind += 1;
    if (level !== 1 || bytes[behind] !== colon) continue;
    if (JSON.parse(decoder.decode(bytes.subarray(begin, at + 1))) === name) count += 1;
  }
  return count;
};

const encoder = new TextEncoder();

export const valuesIn = (json: string): number => extentOf(encoder.encode(json)).values;
