// Numbers at the boundary, in frames and texts: u32, little-endian. cpp/frames/numbers.h is the other side.

export const numberBytes = 4;

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
