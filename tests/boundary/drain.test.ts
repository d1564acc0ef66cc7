// What is done with a body whose request is refused.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { drain } from '../../worker/core/drain.ts';

const { drainBytes, drainMs, drainPieceBytes, drainSilenceMs } = bounds;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A client's side of a body. `pull` is called whenever more is wanted. */
function requestOf(pull: (controller: ReadableByteStreamController) => void | Promise<void>) {
  const body = new ReadableStream({ type: 'bytes', pull });
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
  return new Request('http://rondo.example/', init);
}

/** Nothing comes, ever. */
const never = () => new Promise<void>(() => {});

/** Sends so many bytes at once, for ever. */
const endless = (size: number, told: { sent: number }) =>
  requestOf((controller) => {
    told.sent += size;
    controller.enqueue(new Uint8Array(size));
  });

test('it is read to its end', async () => {
  let left = 3 * drainPieceBytes;
  const request = requestOf((controller) => {
    left -= 1000;
    if (left > 0) controller.enqueue(new Uint8Array(1000));
    else controller.close();
    controller.byobRequest?.respond(0);
  });
  await drain(request);
  expect(left).toBeLessThanOrEqual(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('it is read up to a bound, and no further', async () => {
  const told = { sent: 0 };
  await drain(endless(drainPieceBytes, told));
  expect(told.sent).toBeGreaterThanOrEqual(drainBytes);
  expect(told.sent).toBeLessThanOrEqual(drainBytes + 2 * drainPieceBytes);
  expect(vi.getTimerCount()).toBe(0);
});

test('it is waited for only so long while it drips', async () => {
  const request = requestOf(async (controller) => {
    await vi.advanceTimersByTimeAsync(drainSilenceMs - 1);
    controller.enqueue(new Uint8Array(1));
  });
  const began = Date.now();
  await drain(request);
  expect(Date.now() - began).toBeGreaterThanOrEqual(drainMs);
  expect(Date.now() - began).toBeLessThan(drainMs + drainSilenceMs);
});

test('it is not waited for while nothing comes', async () => {
  const over = vi.fn();
  void drain(requestOf(never)).then(over);
  await vi.advanceTimersByTimeAsync(drainSilenceMs - 1);
  expect(over).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(over).toHaveBeenCalledOnce();
});

test('one that breaks off ends it', async () => {
  await drain(requestOf((controller) => controller.error(new Error('connection reset'))));
  expect(vi.getTimerCount()).toBe(0);
});

test('one that somebody reads is left alone', async () => {
  const told = { sent: 0 };
  const request = endless(10, told);
  request.body?.getReader();
  const { sent } = told;
  await drain(request);
  expect(told.sent).toBe(sent);
});

test('one that waits to be asked for is not asked for', async () => {
  const told = { sent: 0 };
  const request = endless(10, told);
  const { sent } = told;
  request.headers.set('expect', '100-continue');
  await drain(request);
  expect(told.sent).toBe(sent);
});

test('one that was asked for is read on', async () => {
  const told = { sent: 0 };
  const request = endless(drainPieceBytes, told);
  request.headers.set('expect', '100-continue');
  const reader = request.body?.getReader();
  await reader?.read();
  reader?.releaseLock();
  await drain(request);
  expect(told.sent).toBeGreaterThan(drainBytes);
});

test('of a request without one nothing is waited for', async () => {
  await drain(new Request('http://rondo.example/'));
  expect(vi.getTimerCount()).toBe(0);
});
