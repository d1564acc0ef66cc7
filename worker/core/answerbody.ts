import { OpStatus } from './abi.ts';
import { lengthOf } from './body.ts';

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
    if (!this.#reader && this.#isShort(atLeast)) return this.#readWhole();
    this.#reader ??= body.getReader({ mode: 'byob' });
    return this.#readPiece(this.#reader, atLeast);
  }

  cancel(): void {
    const { body } = this.#response;
    // One that is read in one go has come, or is about to.
    if (body?.locked && !this.#reader) return;
    (this.#reader ?? body)?.cancel().catch(() => {});
  }

  /** The length says nothing about what is compressed. */
  #isShort(atLeast: number): boolean {
    const length = lengthOf(this.#response);
    return (
      length !== undefined && length <= atLeast && !this.#response.headers.has('content-encoding')
    );
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
