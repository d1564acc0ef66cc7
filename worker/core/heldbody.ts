import { holdsMark } from './idmark.ts';
import { joined } from './pieces.ts';
import { searchFor } from './search.ts';

// As they stand in JSON: in a text their quotes are escaped.
const toolsIn = searchFor('"tools"');
const signatureIn = searchFor('ignature"');
const turnsName = '"contents"';
const turnsNameIn = searchFor(turnsName);

const between: ReadonlySet<number | undefined> = new Set(new TextEncoder().encode(': \t\r\n'));
const listBegins = 0x5b;

/** Where the name of the list of turns stands, or -1. What a tool's schema has by that name is no list. */
const turnsIn = (bytes: Uint8Array): number => {
  for (let at = turnsNameIn(bytes); at >= 0; at = turnsNameIn(bytes, at + 1)) {
    let list = at + turnsName.length;
    while (between.has(bytes[list])) list += 1;
    if (bytes[list] === listBegins) return at;
  }
  return -1;
};

/** Pieces that have come, and what comes behind them. */
const prefixed = (
  pieces: readonly Uint8Array[],
  rest: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> => {
  if (pieces.length === 0) return rest;
  const { readable, writable } = new IdentityTransformStream();
  const write = async (): Promise<void> => {
    const writer = writable.getWriter();
    for (const piece of pieces) await writer.write(piece);
    writer.releaseLock();
    await rest.pipeTo(writable);
  };
  // Whoever sends it sees that it broke.
  write().catch(() => {});
  return readable;
};

/**
 * A client's body that goes on to Google past the module: whole and as often as it is wanted, or, when
 * it is too large to be held, once and while it comes.
 */
export class HeldBody {
  /** What it begins with, as far as it has come. */
  readonly beginning: Uint8Array;
  readonly isPiped: boolean;
  #bytes: Uint8Array | undefined;
  /** Reads nothing of what comes before it is wanted. */
  #coming: (() => ReadableStream<Uint8Array>) | undefined;

  constructor(pieces: readonly Uint8Array[], rest?: ReadableStream<Uint8Array>) {
    this.isPiped = rest !== undefined;
    if (rest) this.#coming = () => prefixed(pieces, rest);
    else this.#bytes = joined(pieces);
    this.beginning = this.#bytes ?? pieces[0] ?? new Uint8Array();
  }

  /** For one fetch. Throws when it is gone. */
  take(): Uint8Array | ReadableStream<Uint8Array> {
    const body = this.#bytes ?? this.#coming?.();
    this.#coming = undefined;
    if (!body) throw new Error('the request body was sent on while it came, and is gone');
    return body;
  }

  /** Whether it is all here and holds an id that carries a credential. */
  get isMarked(): boolean {
    return this.#bytes !== undefined && holdsMark(this.#bytes);
  }

  /** Whether it is all here and brings tools. */
  get hasTools(): boolean {
    return this.#bytes !== undefined && toolsIn(this.#bytes) >= 0;
  }

  /** Whether it is all here and has a member `thoughtSignature`, however that is spelt. */
  get isSigned(): boolean {
    return this.#bytes !== undefined && signatureIn(this.#bytes) >= 0;
  }

  /** What stands from its first turn on, or else what it begins with. */
  get turns(): Uint8Array {
    const at = turnsIn(this.beginning);
    return at < 0 ? this.beginning : this.beginning.subarray(at);
  }

  /** All of it, unless it is piped or gone. */
  get bytes(): Uint8Array | undefined {
    return this.#bytes;
  }

  /** No attempt follows. */
  letGo(): void {
    this.#bytes = undefined;
    this.#coming = undefined;
  }
}
