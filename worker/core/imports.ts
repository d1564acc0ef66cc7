import type { Imports } from './abi.ts';
import type { Call } from './call.ts';
import { open, seal, signRs256 } from './cipher.ts';
import { type Frame, readFrame } from './frame.ts';
import type { Instance } from './instance.ts';
import { Signals } from './signals.ts';

const decoder = new TextDecoder();
const consoles = [console.debug, console.info, console.warn, console.error] as const;

const cryptoOf = ({ head, body }: Frame): Promise<Uint8Array> => {
  const secretLength = head.secretLength as number;
  const secret = body.subarray(0, secretLength);
  const rest = body.subarray(secretLength);
  const purpose = head.purpose as string;
  if (head.do === 'seal') return seal(secret, purpose, rest);
  if (head.do === 'open') return open(secret, purpose, rest);
  return signRs256(secret, rest);
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
    kv: (req, op, at, size) => calls.get(req)?.consult('kv', op, readFrame(copy(at, size))),
    pool: (req, op, at, size) => calls.get(req)?.consult('pool', op, readFrame(copy(at, size))),
    crypto: (req, op, at, size) => calls.get(req)?.answer(op, cryptoOf(readFrame(copy(at, size)))),
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
