import { bounds } from './bounds.ts';
import { Silence } from './silence.ts';

const { drainBytes, drainMs, drainPieceBytes, drainSilenceMs } = bounds;

/** Up to its end, or a bound. All goes into one small buffer. */
const forget = async (body: ReadableStream<Uint8Array>, silence: Silence): Promise<void> => {
  const reader = body.getReader({ mode: 'byob' });
  const until = Date.now() + drainMs;
  let buffer: ArrayBufferLike = new ArrayBuffer(drainPieceBytes);
  for (let left = drainBytes; left > 0 && Date.now() < until; ) {
    const bytes: Uint8Array | undefined = (await reader.read(new Uint8Array(buffer))).value;
    if (!bytes || bytes.length === 0) return;
    silence.heard();
    left -= bytes.length;
    buffer = bytes.buffer;
  }
};

/** The runtime asks for such a body as soon as anybody reads it. */
const waitsToBeAsked = ({ headers, bodyUsed }: Request): boolean =>
  !bodyUsed && headers.has('expect');

/**
 * Reads and forgets what nobody has taken of a request that is refused: the runtime closes the connection
 * on a client that still sends when its answer has gone out, and then it doesn't hear the answer. One that
 * sends nothing waits for its answer, perhaps to know whether it should.
 */
export const drain = async (request: Request): Promise<void> => {
  const { body } = request;
  // What has been read as a whole, and what goes on to Google, stays locked.
  if (!body || body.locked || waitsToBeAsked(request)) return;
  const { promise: silent, resolve } = Promise.withResolvers<void>();
  const silence = new Silence(drainSilenceMs, resolve);
  // A client that breaks off hears nothing anyway.
  await Promise.race([forget(body, silence).catch(() => {}), silent]);
  silence.end();
};
