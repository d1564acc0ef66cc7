import type { Imports } from './abi.ts';
import type { Call } from './call.ts';
import { readFrame } from './frame.ts';
import type { Instance } from './instance.ts';
import { Signals } from './signals.ts';

const decoder = new TextDecoder();
const consoles = [console.debug, console.info, console.warn, console.error] as const;

const signRs256 = async (key: Uint8Array, message: Uint8Array): Promise<Uint8Array> => {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('pkcs8', key, algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign(algorithm.name, imported, message));
};

/**
 * What the module asks of the worker. Everything is copied out of its memory here, and nothing
 * calls back before the import has returned.
 */
export const makeImports = (instance: Instance, calls: ReadonlyMap<number, Call>): Imports => {
  const signals = new Signals();
  const copy = (at: number, size: number): Uint8Array => instance.view(at, size).slice();

  return {
    fetch: (req, op, at, size, bodyAt, bodySize) =>
      calls.get(req)?.fetch(op, readFrame(copy(at, size)), copy(bodyAt, bodySize)),
    read: (req, op, body) => calls.get(req)?.read(op, body),
    abort: (req, op) => calls.get(req)?.abort(op),
    kv: (req, op, at, size) => {
      const { head, body } = readFrame(copy(at, size));
      const key = head.key as string;
      const call = calls.get(req);
      if (head.do === 'get') call?.kvGet(op, key);
      if (head.do === 'put') call?.kvPut(key, body, head.ttl as number);
      if (head.do === 'delete') call?.kvDelete(key);
    },
    crypto: (req, op, at, size) => {
      const { head, body } = readFrame(copy(at, size));
      const keyLength = head.keyLength as number;
      const work = signRs256(body.subarray(0, keyLength), body.subarray(keyLength));
      calls.get(req)?.crypto(op, work);
    },
    wait: (req, op, signal, ms) => calls.get(req)?.wait(op, signals.whenRaised(signal), ms),
    raise: (signal) => signals.raise(signal),
    respond: (req, at, size) => calls.get(req)?.respond(readFrame(copy(at, size))),
    write: (req, op, at, size) => calls.get(req)?.write(op, copy(at, size)),
    end: (req) => calls.get(req)?.end(),
    done: (req) => calls.get(req)?.done(),
    random: (at, size) => {
      crypto.getRandomValues(instance.view(at, size));
    },
    log: (level, at, size) => consoles[level]?.(decoder.decode(copy(at, size))),
    now: () => Date.now(),
  };
};
