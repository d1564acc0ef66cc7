import { allBytes, OpStatus } from './abi.ts';

/** What an op is answered with. */
export type Completion = readonly [status: OpStatus, bytes?: Uint8Array];

const bufferBytes = 64 * 1024;

/** The body of an answer to one of our fetches, read as the module asks for it. */
export class AnswerBody {
  readonly #response: Response;
  #reader: ReadableStreamBYOBReader | undefined;
  #buffer: ArrayBufferLike | undefined;

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
    if (atLeast >>> 0 === allBytes && !this.#reader) return this.#readWhole();
    this.#reader ??= body.getReader({ mode: 'byob' });
    return this.#readPiece(this.#reader, atLeast);
  }

  cancel(): void {
    const { body } = this.#response;
    // One that is being read in one go ends with the request.
    if (body?.locked && !this.#reader) return;
    (this.#reader ?? body)?.cancel().catch(() => {});
  }

  async #readWhole(): Promise<Completion> {
    return [OpStatus.Last, new Uint8Array(await this.#response.arrayBuffer())];
  }

  async #readPiece(reader: ReadableStreamBYOBReader, atLeast: number): Promise<Completion> {
    const place = new Uint8Array(this.#buffer ?? new ArrayBuffer(bufferBytes));
    const min = Math.max(1, Math.min(atLeast, bufferBytes));
    const { done, value } = await reader.readAtLeast(min, place);
    this.#buffer = value?.buffer;
    if (done || !value) return [OpStatus.None];
    return [value.length < min ? OpStatus.Last : OpStatus.Ok, value];
  }
}
