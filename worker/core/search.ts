/**
 * Where a text's bytes begin among others, or -1. Few of these are looked at: most steps are as long as
 * the text (Boyer, Moore and Horspool's search).
 */
export const searchFor = (text: string): ((bytes: Uint8Array, from?: number) => number) => {
  const wanted = new TextEncoder().encode(text);
  const last = wanted.length - 1;
  // By byte, how far the text lies at least behind a place where its last byte would have to be that one.
  const steps = new Uint8Array(256).fill(wanted.length);
  for (const [at, byte] of wanted.subarray(0, last).entries()) steps[byte] = last - at;

  const isAt = (bytes: Uint8Array, begin: number): boolean => {
    for (let at = 0; at < last; at += 1) if (bytes[begin + at] !== wanted[at]) return false;
    return true;
  };

  return (bytes, from = 0) => {
    const end = bytes.length;
    for (let at = from + last; at < end; ) {
      const byte = bytes[at] as number;
      if (byte === wanted[last] && isAt(bytes, at - last)) return at - last;
      at += steps[byte] as number;
    }
    return -1;
  };
};
