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

/** Where a body goes whose length is known, piece by piece. */
export interface Place {
  put(bytes: Uint8Array, at: number): void;
  /** Gives it back: nothing will come. */
  free(): void;
}

/**
 * The whole body of a client's request, or why it can't be had. Reads no more than `limit`, and
 * holds no more than `share` has room for. A large one whose length is known goes to the place that
 * `land` makes for it; what `land` throws passes through.
 */
export const readBody = async <P extends Place>(
  request: Request,
  limit: number,
  share: Share,
  land: (size: number) => P,
): Promise<Uint8Array | P | Failure> => {
  if (!request.body) return new Uint8Array();
  const length = lengthOf(request);
  if (length !== undefined && length > limit) return tooLarge(limit);
  if (!share.growTo(length ?? smallBytes)) return overloaded;
  const place = length !== undefined && length > smallBytes ? land(length) : undefined;
  try {
    if (length === undefined) return await readPieces(request.body, limit, share);
    if (!place) return new Uint8Array(await request.arrayBuffer());
    if (await fill(place, request.body, length)) return place;
  } catch {
    // Told below.
  }
  place?.free();
  return cutShort;
};

/** Whether all of the body has come. One small buffer takes every piece of it. */
const fill = async (
  place: Place,
  body: ReadableStream<Uint8Array>,
  length: number,
): Promise<boolean> => {
  const reader = body.getReader({ mode: 'byob' });
  let buffer: ArrayBufferLike = new ArrayBuffer(pieceBytes);
  let filled = 0;
  while (filled < length) {
    const room = Math.min(pieceBytes, length - filled);
    const piece: Uint8Array = new Uint8Array(buffer, 0, room);
    const { done, value } = await reader.readAtLeast(room, piece);
    if (value === undefined) return false;
    place.put(value, filled);
    filled += value.length;
    buffer = value.buffer;
    if (done) break;
  }
  return filled === length;
};

/**
 * A body of unknown length. Each read fills a piece of the one buffer, which changes hands with it.
 */
const readPieces = async (
  body: ReadableStream<Uint8Array>,
  limit: number,
  share: Share,
): Promise<Uint8Array | Failure> => {
  const reader = body.getReader({ mode: 'byob' });
  let buffer = new ArrayBuffer(smallBytes);
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
