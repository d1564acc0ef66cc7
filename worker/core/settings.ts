import { bounds } from './bounds.ts';
import type { Log } from './log.ts';

/** The value of a variable as a text; nothing when it is a binding, or not there. */
export const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  const isData = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isData ? JSON.stringify(value) : undefined;
};

/** What the operator set of what the worker itself needs to know. */
export interface Settings {
  readonly maxBodyBytes: number;
  readonly maxBodyBytesTotal: number;
  readonly bodyTimeoutMs: number;
}

/** One that is broken is told in the log, by the module's words, and its default holds. */
export const readSettings = (env: Readonly<Record<string, unknown>>, log: Log): Settings => {
  const read = (variable: string, least: number, most: number, otherwise: number): number => {
    const text = textOf(env[variable])?.trim() ?? '';
    if (text === '') return otherwise;
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    const fault = `is not a whole number from ${least} to ${most}`;
    log.warn('setting_ignored', { variable, fault });
    return otherwise;
  };
  const { bodyBytes, bodyBytesMost, bodyBytesTotal, bodyBytesTotalMost } = bounds;
  const { bodyTimeoutMs, bodyTimeoutMsLeast, bodyTimeoutMsMost } = bounds;
  return {
    maxBodyBytes: read('MAX_BODY_BYTES', 1, bodyBytesMost, bodyBytes),
    maxBodyBytesTotal: read('MAX_BODY_BYTES_TOTAL', 1, bodyBytesTotalMost, bodyBytesTotal),
    bodyTimeoutMs: read('BODY_TIMEOUT_MS', bodyTimeoutMsLeast, bodyTimeoutMsMost, bodyTimeoutMs),
  };
};
