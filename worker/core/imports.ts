import type { Imports } from './abi.ts';
import type { Call } from './call.ts';
import { open, seal, signRs256 } from './cipher.ts';
import { type Frame, readFrame } from './frame.ts';
import type { Instance } from './instance.ts';
import { passLine } from './log.ts';
import { Signals } from './signals.ts';

const decoder = new TextDecoder();

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
 * What the module asks of the worker. Nothing calls back before the import has returned, and until
 * then its memory holds still: what is used later, after an await, is copied here. The runtime
 * copies by itself what it is given to send.
 */
export const makeImports = (instance: Instance, calls: ReadonlyMap<number, Call>): Imports => {
  const signals = new Signals();
  const copied = (at: number, size: number): Frame => readFrame(instance.view(at, size).slice());

  return {
    fetch: (req, op, at, size, bodyAt, bodySize) =>
      calls
        .get(req)
        ?.fetch(op, readFrame(instance.view(at, size)), instance.view(bodyAt, bodySize)),
    read: (req, op, body, atLeast) => calls.get(req)?.read(op, body, atLeast),
    abort: (req, op) => calls.get(req)?.abort(op),
    kv: (req, op, at, size) => calls.get(req)?.consult('kv', op, copied(at, size)),
    pool: (req, op, at, size) => calls.get(req)?.consult('pool', op, copied(at, size)),
    crypto: (req, op, at, size) => calls.get(req)?.answer(op, cryptoOf(copied(at, size))),
    wait: (req, op, signal, ms) => calls.get(req)?.wait(op, signals.whenRaised(signal), ms),
    raise: (signal) => signals.raise(signal),
    respond: (req, at, size) => calls.get(req)?.respond(readFrame(instance.view(at, size))),
    write: (req, op, at, size) => calls.get(req)?.write(op, instance.view(at, size)),
    end: (req) => calls.get(req)?.end(),
    done: (req) => calls.get(req)?.done(),
    hold: (req, bytes) => Number(calls.get(req)?.hold(bytes >>> 0) ?? false),
    random: (at, size) => {
      crypto.getRandomValues(instance.view(at, size));
    },
    log: (level, at, size) => passLine(level, decoder.decode(instance.view(at, size))),
    now: () => Date.now(),
  };
};
