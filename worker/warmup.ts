import { type ConfigureHead, type FetchHead, type Imports, OpStatus } from './core/abi.ts';
import { writeFrame } from './core/frame.ts';
import { readFetchHead, readRespondHead, writeAnswerHead, writeRequestHead } from './core/heads.ts';
import { Instance } from './core/instance.ts';

// V8 compiles a function of the module when it is first called, and a first chat calls a thousand of
// them: 25 ms of CPU, where the free plan gives a request 10. While it starts, an isolate has a second.
// What is compiled belongs to the module, so that an instance that has served nobody compiles it for
// the one that will. It is lost when another isolate of the process starts before the first request does:
// docs/performance.md.

const encoder = new TextEncoder();

/** A key by its shape alone: one sequence that fills all of it. Nothing is signed with it. */
const shapedKey = (): string => {
  const length = 1200;
  const der = new Uint8Array(4 + length);
  der.set([0x30, 0x82, length >> 8, length & 0xff]);
  return btoa(String.fromCharCode(...der));
};

const serviceAccount = (): string =>
  JSON.stringify({
    type: 'service_account',
    project_id: 'nowhere',
    private_key_id: '0',
    private_key: `-----BEGIN PRIVATE KEY-----\n${shapedKey()}\n-----END PRIVATE KEY-----\n`,
    client_email: 'nobody@nowhere.iam.gserviceaccount.com',
    token_uri: 'https://oauth2.googleapis.com/token',
  });

const hello = { model: 'gemini-flash-latest', messages: [{ role: 'user', content: 'Hello!' }] };

/** What clients ask an isolate first. */
const asked = [hello, { ...hello, stream: true }] as const;

// --- Google, as it speaks to these ---------------------------------------------------------------

const usage = { promptTokenCount: 2, candidatesTokenCount: 2, totalTokenCount: 4 };
const part = (text: string, rest: object = {}) => ({
  candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, ...rest }],
  usageMetadata: usage,
  modelVersion: 'gemini-flash',
  responseId: 'nobody',
});
const ended = { finishReason: 'STOP' };
const token = { access_token: 'ya29.nobody', expires_in: 3600, token_type: 'Bearer' };

interface Spoken {
  readonly type: string;
  readonly pieces: readonly string[];
}

const spokenAt = (url: string): Spoken => {
  if (url.includes(':streamGenerateContent')) {
    const events = [part('Hello'), part(' there'), part('.', ended)];
    const pieces = events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`);
    return { type: 'text/event-stream', pieces };
  }
  const body = url.includes(':generateContent') ? part('Hello.', ended) : token;
  return { type: 'application/json', pieces: [JSON.stringify(body)] };
};

// --- The module's imports, without I/O, clock and random: none of them is there in global scope ---

const someTime = 1_750_000_000_000;
const signatureBytes = 256;

/** Answers of ops, and what the requests were answered with. */
class Stage {
  readonly statuses: number[] = [];
  readonly #instance: Instance;
  readonly #due: (() => void)[] = [];
  readonly #bodies = new Map<number, string[]>();

  constructor(module: WebAssembly.Module) {
    this.#instance = new Instance(module, (instance) => this.#imports(instance));
    this.#instance.configure(
      writeFrame<ConfigureHead>({
        vars: { GCP_SERVICE_ACCOUNT_1: serviceAccount() },
        kv: true,
        pool: false,
        store: false,
        cache: false,
        points: false,
      }),
    );
  }

  chat(req: number, body: object): void {
    const head = writeRequestHead({
      operation: 'chat_completions',
      id: 'req_00000000000000000000000000000000',
      params: {},
      client: { name: 'nobody' },
    });
    this.#instance.request(req, head, encoder.encode(JSON.stringify(body)));
    for (let answer = this.#due.shift(); answer; answer = this.#due.shift()) answer();
  }

  /** Op 0 is told something, and waits for nothing. */
  #answer(op: number, status: OpStatus, bytes?: Uint8Array): void {
    if (op !== 0) this.#due.push(() => this.#instance.complete(op, status, bytes));
  }

  #fetch(op: number, { url }: FetchHead): void {
    const { type, pieces } = spokenAt(url);
    this.#bodies.set(op, [...pieces]);
    const head = writeAnswerHead({ status: 200, headers: { 'content-type': type } });
    this.#answer(op, OpStatus.Ok, head);
  }

  #read(op: number, body: number, atLeast: number): void {
    const piece = this.#bodies.get(body)?.shift();
    if (piece === undefined) this.#answer(op, OpStatus.None);
    else this.#answer(op, atLeast === 0 ? OpStatus.Ok : OpStatus.Last, encoder.encode(piece));
  }

  #pipe(op: number, body: number): void {
    this.#due.push(() => {
      for (const piece of this.#bodies.get(body) ?? [])
        this.#instance.feed(op, encoder.encode(piece));
      this.#instance.complete(op, OpStatus.None);
    });
  }

  #imports(instance: Instance): Imports {
    const knowsNothing = (_req: number, op: number) => this.#answer(op, OpStatus.None);
    return {
      fetch: (_req, op, at, size) => this.#fetch(op, readFetchHead(instance.view(at, size))),
      read: (_req, op, body, atLeast) => this.#read(op, body, atLeast),
      pipe: (_req, op, body) => this.#pipe(op, body),
      abort: () => {},
      kv: knowsNothing,
      cache: knowsNothing,
      pool: knowsNothing,
      memory: knowsNothing,
      crypto: (_req, op) => this.#answer(op, OpStatus.Ok, new Uint8Array(signatureBytes)),
      wait: () => {},
      raise: () => {},
      respond: (_req, at, size) =>
        void this.statuses.push(readRespondHead(instance.view(at, size)).status),
      write: () => 1,
      ready: knowsNothing,
      pass: knowsNothing,
      held: knowsNothing,
      end: () => {},
      spent: () => {},
      done: () => {},
      hold: () => 1,
      random: (at, size) => void instance.view(at, size).fill(7),
      log: () => {},
      point: () => {},
      now: () => someTime,
    };
  }
}

/** Answers a chat, whole and streamed, to nobody. Tells by which statuses. */
export const rehearse = (module: WebAssembly.Module): readonly number[] => {
  const stage = new Stage(module);
  asked.forEach((body, index) => {
    stage.chat(index + 1, body);
  });
  return stage.statuses;
};

/** To be called in global scope. A rehearsal that fails costs the first chat some time, no more. */
export const warmUp = (module: WebAssembly.Module): void => {
  try {
    rehearse(module);
  } catch {
    // Who is served tells what is wrong.
  }
};
