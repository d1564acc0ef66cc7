import type { CryptoHead, Imports, StoreName } from './abi.ts';
import type { Call } from './call.ts';
import { open, seal, signRs256 } from './cipher.ts';
import { type Frame, readFrame, unknownDo } from './frame.ts';
import { readFetchHead, readRespondHead } from './heads.ts';
import type { Instance } from './instance.ts';
import { passLine } from './log.ts';
import { Signals } from './signals.ts';

const decoder = new TextDecoder();

/** Fails by its promise alone: what an import throws stops the module. */
const cryptoOf = async ({ head, body }: Frame<CryptoHead>): Promise<Uint8Array> => {
  const secret = body.subarray(0, head.secretLength);
  const rest = body.subarray(head.secretLength);
  switch (head.do) {
    case 'sign_rs256':
      return signRs256(secret, rest);
    case 'seal':
      return seal(secret, head.purpose, rest);
    case 'open':
      return open(secret, head.purpose, rest);
    default:
      return unknownDo(head);
  }
};

/** Losing a point loses no request. */
const writePoint = (points: AnalyticsEngineDataset | undefined, point: string): void => {
  try {
    points?.writeDataPoint(JSON.parse(point) as AnalyticsEngineDataPoint);
  } catch {
    // It has too many in one request, or is gone.
  }
};

/**
 * What the module asks of the worker. Nothing calls back before the import has returned, and until
 * then its memory holds still: what is used later, after an await, is copied here. The runtime
 * copies by itself what it is given to send.
 */
export const makeImports = (
  instance: Instance,
  calls: ReadonlyMap<number, Call>,
  points?: AnalyticsEngineDataset,
): Imports => {
  const signals = new Signals();
  const copied = <Head extends object>(at: number, size: number): Frame<Head> =>
    readFrame(instance.view(at, size).slice());
  const consult =
    (name: StoreName): Imports[StoreName] =>
    (req, op, at, size) => {
      if (op === 0) calls.get(req)?.tell(name, copied(at, size));
      else calls.get(req)?.ask(name, op, copied(at, size));
    };

  return {
    fetch: (req, op, at, size, bodyAt, bodySize) =>
      calls
        .get(req)
        ?.fetch(op, readFetchHead(instance.view(at, size)), instance.view(bodyAt, bodySize)),
    read: (req, op, body, atLeast) => calls.get(req)?.read(op, body, atLeast),
    pipe: (req, op, body) => calls.get(req)?.pipe(op, body),
    abort: (req, op) => calls.get(req)?.abort(op),
    kv: consult('kv'),
    cache: consult('cache'),
    pool: consult('pool'),
    memory: consult('memory'),
    crypto: (req, op, at, size) =>
      calls.get(req)?.answer(op, cryptoOf(copied<CryptoHead>(at, size))),
    wait: (req, op, signal, ms) => calls.get(req)?.wait(op, signals.whenRaised(signal), ms),
    raise: (signal) => signals.raise(signal),
    respond: (req, at, size, bodyAt, bodySize) =>
      calls
        .get(req)
        ?.respond(readRespondHead(instance.view(at, size)), instance.view(bodyAt, bodySize)),
    write: (req, at, size) => Number(calls.get(req)?.write(instance.view(at, size)) ?? false),
    ready: (req, op) => calls.get(req)?.ready(op),
    pass: (req, op, body) => calls.get(req)?.pass(op, body),
    held: (req, op) => calls.get(req)?.held(op),
    end: (req) => calls.get(req)?.end(),
    spent: (req, tokens) => calls.get(req)?.spent(tokens),
    done: (req) => calls.get(req)?.done(),
    hold: (req, bytes) => Number(calls.get(req)?.hold(bytes >>> 0) ?? false),
    random: (at, size) => {
      crypto.getRandomValues(instance.view(at, size));
    },
    log: (level, at, size) => passLine(level, decoder.decode(instance.view(at, size))),
    point: (at, size) => writePoint(points, decoder.decode(instance.view(at, size))),
    now: () => Date.now(),
  };
};
