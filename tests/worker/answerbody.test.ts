// Google's answer as it is read: all of it, piece by piece, or piped.
import { expect, test, vi } from 'vitest';
import { allBytes, OpStatus } from '../../worker/core/abi.ts';
import { AnswerBody } from '../../worker/core/answerbody.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const started = (): { body: AnswerBody; cancelled: () => number } => {
  const cancel = vi.spyOn(ReadableStreamBYOBReader.prototype, 'cancel');
  const start = (controller: ReadableByteStreamController): void => {
    controller.enqueue(new Uint8Array(10));
    controller.close();
    controller.byobRequest?.respond(0);
  };
  const stream = new ReadableStream({ type: 'bytes', start });
  return { body: new AnswerBody(new Response(stream)), cancelled: () => cancel.mock.calls.length };
};

test.for([
  ['read as a whole', (body: AnswerBody) => body.read(allBytes)],
  ['piped', (body: AnswerBody) => body.pipe(() => true)],
] as const)('a body that was %s is not cancelled at its end', async ([, read]) => {
  const { body, cancelled } = started();
  await read(body);
  body.cancel();
  expect(cancelled()).toBe(0);
});

test('a body that nobody wants to the end is cancelled', async () => {
  const { body, cancelled } = started();
  expect(await body.pipe(() => false)).toBe(OpStatus.Ok);
  body.cancel();
  expect(cancelled()).toBe(1);
});
