import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { clientKey, type Rondo } from './rondo.ts';

export type Fields = Readonly<Record<string, string | Blob>>;

export function formOf(fields: Fields): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

/** A form as the bytes of a body. */
export class EncodedForm {
  readonly type: string;
  readonly bytes: Uint8Array;

  private constructor(type: string, bytes: Uint8Array) {
    this.type = type;
    this.bytes = bytes;
  }

  static async of(fields: Fields): Promise<EncodedForm> {
    const encoded = new Response(formOf(fields));
    const type = encoded.headers.get('content-type') ?? '';
    return new EncodedForm(type, new Uint8Array(await encoded.arrayBuffer()));
  }
}

/**
 * A client that can leave. workerd sees at once that a connection is reset; of one that is merely
 * closed it learns when it next writes, as the peer may still be reading.
 */
export class LeavingClient {
  readonly #request: ClientRequest;
  readonly #response: Promise<IncomingMessage>;

  constructor(rondo: Rondo, body: object, path = '/v1/chat/completions') {
    const { type, bytes } =
      body instanceof EncodedForm
        ? body
        : { type: 'application/json', bytes: JSON.stringify(body) };
    this.#request = request(rondo.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${clientKey}`, 'content-type': type },
    });
    const answered = Promise.withResolvers<IncomingMessage>();
    this.#request.once('response', answered.resolve);
    this.#request.on('error', answered.reject);
    this.#response = answered.promise;
    this.#response.catch(() => {});
    this.#request.end(bytes);
  }

  /** Fulfilled as soon as so much of the answer has come. */
  async read(wanted: string): Promise<void> {
    let seen = '';
    const response = await this.#response;
    // Leaving the loop must not close the connection: `leave` resets it.
    for await (const chunk of response.iterator({ destroyOnReturn: false })) {
      seen += String(chunk);
      if (seen.includes(wanted)) return;
    }
    throw new Error(`the answer ended without ${wanted}: ${seen}`);
  }

  /** Resets its connection. */
  leave(): void {
    this.#request.socket?.resetAndDestroy();
  }

  /** Closes it, and no more. */
  close(): void {
    this.#request.destroy();
  }
}

/** Reads an answer as it comes. */
export class TextReader {
  readonly #reader: ReadableStreamDefaultReader<string> | undefined;
  #text = '';

  constructor({ body }: Response) {
    this.#reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** All that has come, as soon as it holds what is wanted. */
  async readUntil(wanted: string): Promise<string> {
    while (!this.#text.includes(wanted)) {
      const { value } = (await this.#reader?.read()) ?? {};
      if (value === undefined) throw new Error(`the answer ended without ${wanted}: ${this.#text}`);
      this.#text += value;
    }
    return this.#text;
  }

  async cancel(): Promise<void> {
    await this.#reader?.cancel();
  }
}

/** Sends bytes as they are, says that no more will come, and gives back what is answered. */
export async function sendRaw(rondo: Rondo, bytes: string): Promise<string> {
  const { hostname, port } = new URL(rondo.url);
  const socket = connect(Number(port), hostname);
  socket.end(bytes);
  return text(socket);
}

/** Sends all of a request before it reads anything, and gives back the status of the answer. */
export async function sendThenRead(
  rondo: Rondo,
  requestLine: string,
  headers: readonly string[],
  body: string,
): Promise<number> {
  const { hostname, port } = new URL(rondo.url);
  const socket = connect(Number(port), hostname);
  const head = [`${requestLine} HTTP/1.1`, 'host: rondo', 'connection: close', ...headers, '\r\n'];
  const sent = Promise.withResolvers<void>();
  socket.on('error', sent.reject);
  socket.write(head.join('\r\n') + body, () => sent.resolve());
  await sent.promise;
  return Number(/^HTTP\/1\.1 (\d+)/.exec(await text(socket))?.[1]);
}

/** Sends so many bytes of a body that goes on, and gives back the status of the answer. */
export async function sendUnended(rondo: Rondo, size: number): Promise<number> {
  const sending = request(`${rondo.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json' },
  });
  const answered = Promise.withResolvers<number>();
  sending.once('response', ({ statusCode }) => answered.resolve(statusCode ?? 0));
  sending.on('error', answered.reject);
  sending.write(Buffer.alloc(size, ' '));
  const status = await answered.promise;
  sending.destroy();
  return status;
}

/** The head of an answer, and its body when that has a length. */
function isComplete(answer: string): boolean {
  const [head = '', body] = answer.split('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(head)?.[1] ?? '0';
  return body !== undefined && Buffer.byteLength(body) >= Number(length);
}

/** A request whose body is under way. What `bytes` holds of it is sent, and nothing more by itself. */
export class Uploading {
  readonly #socket: Socket;
  readonly #answer: Promise<string>;

  constructor(rondo: Rondo, requestLine: string, headers: readonly string[], bytes = '') {
    const { hostname, port } = new URL(rondo.url);
    const answered = Promise.withResolvers<string>();
    this.#answer = answered.promise;
    this.#answer.catch(() => {});
    this.#socket = connect(Number(port), hostname);
    let seen = '';
    this.#socket.on('data', (data) => {
      seen += String(data);
      if (isComplete(seen)) answered.resolve(seen);
    });
    this.#socket.on('error', answered.reject);
    this.#socket.on('close', () => answered.reject(new Error('closed without an answer')));
    this.#socket.write([`${requestLine} HTTP/1.1`, 'host: rondo', ...headers, '\r\n'].join('\r\n'));
    this.send(bytes);
  }

  send(bytes: string): void {
    if (bytes !== '') this.#socket.write(bytes);
  }

  /** Takes nothing more of the answer, and stays. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** What is answered, though the body goes on. */
  async answer(): Promise<{ readonly status: number; readonly text: string }> {
    const text = await this.#answer;
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), text };
  }

  leave(): void {
    this.#socket.resetAndDestroy();
  }
}
