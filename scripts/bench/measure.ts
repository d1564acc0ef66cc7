import { type Load, send, type Timing } from './load.ts';
import { cpuSeconds, forgetPeak, peakBytes } from './process.ts';
import type { Row } from './rows.ts';
import type { Subject } from './subjects.ts';

/** One worker's turn in one round. */
export interface Sample {
  /** Milliseconds of CPU a request. */
  readonly cpu: number;
  readonly perSecond: number;
  readonly peak: number;
  readonly timings: readonly Timing[];
}

const bodyOf = ({ request, form, isNative }: Row): Buffer =>
  form?.bytes ??
  Buffer.from(JSON.stringify(isNative ? request : { model: 'gemini-3.8-flash', ...request }));

const isStream = ({ request, isNative, path = '' }: Row): boolean =>
  isNative ? path.includes(':stream') : 'stream' in request;

const targetOf = (subject: Subject, row: Row) =>
  subject.target(isStream(row), row.path ?? '/v1/chat/completions');

export const loadOf = (row: Row): Load => ({
  body: bodyOf(row),
  ...(row.form && { contentType: row.form.contentType }),
  connections: row.connections,
  requests: row.requests,
});

/** Lets the worker, its caches and V8's compilers settle: a round that does not count. */
export const warm = async (subject: Subject, row: Row, load: Load): Promise<void> => {
  await send(targetOf(subject, row), load);
};

export const sample = async (subject: Subject, row: Row, load: Load): Promise<Sample> => {
  forgetPeak(subject.pid);
  const cpu = cpuSeconds(subject.pid);
  const began = performance.now();
  const timings = await send(targetOf(subject, row), load);
  const seconds = (performance.now() - began) / 1000;
  return {
    cpu: ((cpuSeconds(subject.pid) - cpu) * 1000) / load.requests,
    perSecond: load.requests / seconds,
    peak: peakBytes(subject.pid),
    timings,
  };
};
