// Ids of what is stored at Google's that carry a credential: cpp/gateway/marked_id.h makes them.

/** What they begin with. */
export const idMark = 'rondocredential';

const mark = new TextEncoder().encode(idMark);
const last = mark.length - 1;

/** By byte, how far the mark lies at least behind a place where its last byte would have to be that one. */
const steps = new Uint8Array(256).fill(mark.length);
for (const [at, byte] of mark.subarray(0, last).entries()) steps[byte] = last - at;

const isMarkAt = (bytes: Uint8Array, begin: number): boolean => {
  for (let at = 0; at < last; at += 1) if (bytes[begin + at] !== mark[at]) return false;
  return true;
};

/**
 * Whether it is among the bytes, of which few are looked at: most steps are as long as the mark
 * (Boyer, Moore and Horspool's search).
 */
export const holdsMark = (bytes: Uint8Array): boolean => {
  const end = bytes.length;
  for (let at = last; at < end; ) {
    const byte = bytes[at] as number;
    if (byte === mark[last] && isMarkAt(bytes, at - last)) return true;
    at += steps[byte] as number;
  }
  return false;
};
