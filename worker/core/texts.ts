// Texts in a row: how many | the length of each, in bytes | the texts, UTF-8. Numbers are u32,
// little-endian.

import { numberBytes, viewOf } from './numbers.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const writeTexts = (texts: readonly string[]): Uint8Array => {
  const all = texts.join('');
  const begin = numberBytes * (1 + texts.length);
  // No character takes more than three bytes for each of its units.
  const room = new Uint8Array(begin + 3 * all.length);
  const { written } = encoder.encodeInto(all, room.subarray(begin));
  const isAscii = written === all.length;
  const numbers = viewOf(room);
  numbers.setUint32(0, texts.length, true);
  texts.forEach((text, index) => {
    const size = isAscii ? text.length : encoder.encode(text).length;
    numbers.setUint32(numberBytes * (1 + index), size, true);
  });
  return room.subarray(0, begin + written);
};

/** Throws where the bytes are no such row. */
export const readTexts = (bytes: Uint8Array): string[] => {
  const numbers = viewOf(bytes);
  const begin = numberBytes * (1 + numbers.getUint32(0, true));
  // One call for all: each costs more than what it decodes.
  const all = decoder.decode(bytes.subarray(begin));
  const isAscii = begin + all.length === bytes.length;
  const texts: string[] = [];
  let at = begin;
  for (let index = numberBytes; index < begin; index += numberBytes) {
    const end = at + numbers.getUint32(index, true);
    if (end > bytes.length) throw new RangeError('the texts are longer than what holds them');
    texts.push(
      isAscii ? all.slice(at - begin, end - begin) : decoder.decode(bytes.subarray(at, end)),
    );
    at = end;
  }
  return texts;
};
