// Steps that a chat takes over the boundary, for tests that look at one of them.
import { sign } from 'node:crypto';
import { OpStatus } from '../../worker/core/abi.ts';
import { type Asked, type Machine, startMachine } from './machine.ts';
import { keyFile, privateDer } from './serviceaccount.ts';

export const model = 'gemini-3.8-flash';
export const hello = { model, messages: [{ role: 'user', content: 'Hello' }] };

/** A module with one service account. */
export function startWithAccount(): Promise<Machine> {
  return startMachine({ vars: { GCP_SERVICE_ACCOUNT_1: keyFile() } });
}

/** The signature that the module asked for. */
export function signed({ frame }: Asked): Uint8Array {
  const message = frame.body.subarray(privateDer.length);
  const key = { key: privateDer, format: 'der', type: 'pkcs8' } as const;
  return new Uint8Array(sign('RSA-SHA256', message, key));
}

export function grantToken(machine: Machine, req: number, token = 'ya29.test'): void {
  machine.answerKv(req);
  const asked = machine.next('crypto', req);
  machine.complete(asked.op, OpStatus.Ok, signed(asked));
  const answer = { access_token: token, expires_in: 3599, token_type: 'Bearer' };
  machine.answerFetch(machine.next('fetch', req), 200, JSON.stringify(answer));
  // The token is kept, and the answer's body let go.
  machine.next('kv', req);
  machine.next('abort', req);
}

/** One of Google's answers, whole. */
export function spoken(text: string, finishReason: string | null = 'STOP'): object {
  return {
    candidates: [
      { content: { role: 'model', parts: [{ text }] }, ...(finishReason && { finishReason }) },
    ],
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 },
    responseId: 'r1',
    modelVersion: model,
  };
}

export function event(text: string, finishReason: string | null = null): string {
  return `data: ${JSON.stringify(spoken(text, finishReason))}\r\n\r\n`;
}

/** A module whose one account has its token, as after a first request. */
export async function startWarm(): Promise<Machine> {
  const machine = await startWithAccount();
  machine.chat(1, hello);
  grantToken(machine, 1);
  machine.answerFetch(machine.next('fetch', 1), 200, JSON.stringify(spoken('Hi')));
  machine.next('respond', 1);
  machine.next('done', 1);
  machine.next('abort', 1);
  return machine;
}
