/** Bytes that came in pieces, in one. */
export const joined = (pieces: readonly Uint8Array[]): Uint8Array => {
  const [first = new Uint8Array()] = pieces;
  if (pieces.length <= 1) return first;
  const all = new Uint8Array(pieces.reduce((size, { length }) => size + length, 0));
  let filled = 0;
  for (const piece of pieces) {
    all.set(piece, filled);
    filled += piece.length;
  }
  return all;
};
