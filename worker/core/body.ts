import { cutShort, type Failure, overloaded, tooLarge } from '../errors.ts';
import type { Share } from './room.ts';

// A body of this length costs less when it is read in one go than piece by piece.
const smallBytes = 64 * 1024;
const pieceBytes = 256 * 1024;

/** The length a body has by its header; nothing when it comes in chunks. */
const lengthOf = ({ headers }: Request): number | undefined => {
  const length = headers.get('content-length');
  return length === null ? undefined : Number(length);
};

/**
 * The whole body of a client's request, or why it can't be had. Reads no more than `limit`, and
 * holds no more than `share` has room for.
 */
export const readBody = async (
  request: Request,
  limit: number,
  share: Share,
): Promise<Uint8Array | Failure> => {
  if (!request.body) return new Uint8Array();
  const length = lengthOf(request);
  if (length !== undefined && length > limit) return tooLarge(limit);
  const expected = length ?? smallBytes;
  if (!share.growTo(expected)) return overloaded;
  try {
    return length !== undefined && length <= smallBytes
      ? new Uint8Array(await request.arrayBuffer())
      : await readPieces(request.body, expected, limit, share);
  } catch {
    return cutShort;
  }
};

/** Each read fills a piece of the one buffer, which changes hands with it. */
const readPieces = async (
  body: ReadableStream<Uint8Array>,
  expected: number,
  limit: number,
  share: Share,
): Promise<Uint8Array | Failure> => {
  const reader = body.getReader({ mode: 'byob' });
  // One byte more than there should be, as the end only shows where there is room.
  let buffer = new ArrayBuffer(expected + 1);
  for (let filled = 0; ; ) {
    const room = Math.min(pieceBytes, buffer.byteLength - filled, limit + 1 - filled);
    const { done, value } = await reader.readAtLeast(room, new Uint8Array(buffer, filled, room));
    if (value === undefined) return cutShort;
    filled += value.length;
    buffer = value.buffer as ArrayBuffer;
    if (done) return new Uint8Array(buffer, 0, filled);
    const failure = filled > limit ? tooLarge(limit) : undefined;
    if (failure || (filled === buffer.byteLength && !share.growTo(2 * filled))) {
      reader.cancel().catch(() => {});
      return failure ?? overloaded;
    }
    if (filled === buffer.byteLength) buffer = buffer.transfer(2 * filled);
  }
};
