// Sends the same request again and again over a fixed number of connections.
import { Agent, request as httpRequest } from 'node:http';

export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Timing {
  /** Milliseconds to the answer's first byte of body. */
  readonly firstByte: number;
  /** Milliseconds to its end. */
  readonly whole: number;
  readonly bytes: number;
}

export interface Load {
  readonly body: Buffer;
  /** JSON, unless it says otherwise. */
  readonly contentType?: string;
  readonly connections: number;
  readonly requests: number;
}

/** Rejects at the first answer that is not 200. */
export async function send(target: Target, load: Load): Promise<Timing[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections });
  const timings: Timing[] = [];
  let left = load.requests;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      timings.push(await ask(target, load, agent));
    }
  };
  await Promise.all(Array.from({ length: load.connections }, one));
  agent.destroy();
  return timings;
}

/** Opens a stream by a connection of its own, which ends with the agent. Resolves with its first bytes. */
export function open({ url, headers }: Target, body: Buffer, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const all = { 'content-type': 'application/json', 'content-length': body.length, ...headers };
    const asking = httpRequest(url, { method: 'POST', headers: all, agent }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}`));
      answer.on('data', () => resolve());
      answer.on('error', reject);
      answer.on('end', () => reject(new Error('the stream is over')));
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

function ask(
  { url, headers }: Target,
  { body, contentType = 'application/json' }: Load,
  agent: Agent,
): Promise<Timing> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let firstByte = 0;
    let bytes = 0;
    const all = {
      'content-type': contentType,
      'content-length': String(body.length),
      ...headers,
    };
    const asking = httpRequest(url, { method: 'POST', headers: all, agent }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}`));
      answer.on('data', (chunk: Buffer) => {
        if (bytes === 0) firstByte = performance.now() - began;
        bytes += chunk.length;
      });
      answer.on('end', () => resolve({ firstByte, whole: performance.now() - began, bytes }));
      answer.on('error', reject);
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
