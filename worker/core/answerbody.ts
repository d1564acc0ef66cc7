import { allBytes, OpStatus } from './abi.ts';
import { bounds } from './bounds.ts';
import { joined } from './pieces.ts';

/** What an op is answered with. */
export type Completion = readonly [status: OpStatus, bytes?: Uint8Array];

const { answerPieceBytes, wholeAnswerBytes, largePieceBytes } = bounds;

/** The body of an answer to one of our fetches, read as the module asks for it. */
export class AnswerBody {
  readonly #response: Response;
  #reader: ReadableStreamBYOBReader | undefined;
  #buffer: ArrayBufferLike | undefined;
  #hasEnded = false;

  constructor(response: Response) {
    this.#response = response;
  }

  /**
   * The next bytes, as they come or at least so many. They are valid until the next call, which
   * reads into the same buffer.
   */
  read(atLeast: number): Promise<Completion> {
    const { body } = this.#response;
    if (!body) return Promise.resolve([OpStatus.None]);
    // WASM hands its unsigned numbers over as signed ones.
    const isWhole = atLeast >>> 0 === allBytes;
    this.#reader ??= body.getReader({ mode: 'byob' });
    return isWhole ? this.#readWhole(this.#reader) : this.#readPiece(this.#reader, atLeast);
  }

  /**
   * Reads on as the bytes come, and hands them to `take`, until that wants no more: Ok. Behind the
   * last bytes, None.
   */
  async pipe(take: (bytes: Uint8Array) => boolean): Promise<OpStatus> {
    for (;;) {
      const bytes = await this.next();
      if (!bytes) return OpStatus.None;
      if (!take(bytes)) return OpStatus.Ok;
    }
  }

  /** The next bytes as they come, valid until the next call; nothing behind the last. */
  async next(): Promise<Uint8Array | undefined> {
    const { body } = this.#response;
    if (!body) return undefined;
    this.#reader ??= body.getReader({ mode: 'byob' });
    const { done, value } = await this.#reader.read(this.#piece());
    this.#buffer = value?.buffer;
    if (!done && value) return value;
    this.#hasEnded = true;
    return undefined;
  }

  /** Of one that nothing was read of, the whole stream. Whoever gets it sees to its end. */
  give(): ReadableStream<Uint8Array> | null {
    this.#hasEnded = true;
    return this.#response.body;
  }

  /** Hands what is left to a stream and closes that; breaks it off where the answer breaks. */
  async passTo(writable: WritableStream<Uint8Array>): Promise<void> {
    const { body } = this.#response;
    this.#reader?.releaseLock();
    this.#reader = undefined;
    if (body) await body.pipeTo(writable);
    else await writable.close();
    this.#hasEnded = true;
  }

  /** Ends the call that is still going on. To do so with one that has ended costs some 20 µs. */
  cancel(): void {
    if (this.#hasEnded) return;
    (this.#reader ?? this.#response.body)?.cancel().catch(() => {});
  }

  /** All of it; of more than a whole answer may be, enough for the module to see that. */
  async #readWhole(reader: ReadableStreamBYOBReader): Promise<Completion> {
    const [status, first] = await this.#readPiece(reader, answerPieceBytes);
    if (status !== OpStatus.Ok || !first) return [OpStatus.Last, first ?? new Uint8Array()];
    const pieces = [first];
    let size = first.length;
    while (size <= wholeAnswerBytes) {
      const piece = new Uint8Array(largePieceBytes);
      const { value } = await reader.readAtLeast(piece.length, piece);
      if (value) pieces.push(value);
      size += value?.length ?? 0;
      this.#hasEnded = !value || value.length < largePieceBytes;
      if (this.#hasEnded) break;
    }
    if (size > wholeAnswerBytes) this.cancel();
    return [OpStatus.Last, joined(pieces)];
  }

  async #readPiece(reader: ReadableStreamBYOBReader, atLeast: number): Promise<Completion> {
    const min = Math.max(1, Math.min(atLeast, answerPieceBytes));
    const { done, value } = await reader.readAtLeast(min, this.#piece());
    this.#buffer = value?.buffer;
    if (done || !value) return [this.#ended(OpStatus.None)];
    return [value.length < min ? this.#ended(OpStatus.Last) : OpStatus.Ok, value];
  }

  #ended(status: OpStatus): OpStatus {
    this.#hasEnded = true;
    return status;
  }

  /** The one buffer that all pieces are read into. */
  #piece(): Uint8Array {
    return new Uint8Array(this.#buffer ?? new ArrayBuffer(answerPieceBytes));
  }
}
