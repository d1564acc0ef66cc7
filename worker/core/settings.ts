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

/** The variables among what the worker is given, as texts. */
export const varsOf = (env: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );

/** What the operator set of what the worker itself needs to know. */
export interface Settings {
  readonly maxBodyBytes: number;
  readonly maxBodyBytesTotal: number;
  readonly bodyTimeoutMs: number;
}

/** A variable that is not what it should be. Its default holds instead. */
export interface Problem {
  readonly variable: string;
  readonly fault: string;
}

const { bodyBytes, bodyBytesMost, bodyBytesTotal, bodyBytesTotalMost } = bounds;
const { bodyTimeoutMs, bodyTimeoutMsLeast, bodyTimeoutMsMost } = bounds;

/** Whole numbers that the worker itself reads: the least, the most and what holds otherwise. */
const numbers = {
  MAX_BODY_BYTES: [1, bodyBytesMost, bodyBytes],
  MAX_BODY_BYTES_TOTAL: [1, bodyBytesTotalMost, bodyBytesTotal],
  BODY_TIMEOUT_MS: [bodyTimeoutMsLeast, bodyTimeoutMsMost, bodyTimeoutMs],
} as const;
type NumberName = keyof typeof numbers;

type Variables = Readonly<Record<string, unknown>>;

const readNumber = (env: Variables, variable: NumberName): number | Problem => {
  const [least, most, otherwise] = numbers[variable];
  const text = textOf(env[variable])?.trim() ?? '';
  if (text === '') return otherwise;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  return { variable, fault: `is not a whole number from ${least} to ${most}` };
};

/** Variables that are true or false. */
export const switches = ['ALLOW_ANONYMOUS', 'CLIENT_KEYS_IN_KV', 'LOCATION_CACHE'] as const;
type SwitchName = (typeof switches)[number];

/** What such a variable says. */
export interface Switch {
  readonly isOn: boolean;
  readonly problem?: Problem;
}

/** In whatever case it is written, as the module reads its own. What is neither is false. */
export const readSwitch = (env: Variables, variable: SwitchName): Switch => {
  const text = textOf(env[variable])?.trim().toLowerCase() ?? '';
  if (['', 'true', 'false'].includes(text)) return { isOn: text === 'true' };
  return { isOn: false, problem: { variable, fault: 'is neither true nor false' } };
};

/** The same; what is wrong with it is told in the log. */
export const isOn = (env: Variables, variable: SwitchName, log: Log): boolean => {
  const read = readSwitch(env, variable);
  if (read.problem) log.warn('setting_ignored', read.problem);
  return read.isOn;
};

/** One that is broken is told in the log, by the module's words, and its default holds. */
export const readSettings = (env: Variables, log: Log): Settings => {
  const read = (variable: NumberName): number => {
    const value = readNumber(env, variable);
    if (typeof value === 'number') return value;
    log.warn('setting_ignored', value);
    return numbers[variable][2];
  };
  return {
    maxBodyBytes: read('MAX_BODY_BYTES'),
    maxBodyBytesTotal: read('MAX_BODY_BYTES_TOTAL'),
    bodyTimeoutMs: read('BODY_TIMEOUT_MS'),
  };
};

/** A variable as an operator is told of it: of a secret only whether it is set. */
export interface SettingLine {
  readonly name: string;
  readonly value: string | null;
  readonly default: string | null;
  readonly set: boolean;
  readonly secret: boolean;
}

/** The numbers that the worker itself reads, and what is wrong with them. */
export const numberLines = (
  env: Variables,
): { readonly settings: SettingLine[]; readonly problems: Problem[] } => {
  const problems: Problem[] = [];
  const settings = (Object.keys(numbers) as NumberName[]).map((name): SettingLine => {
    const value = readNumber(env, name);
    if (typeof value !== 'number') problems.push(value);
    const otherwise = numbers[name][2];
    return {
      name,
      value: String(typeof value === 'number' ? value : otherwise),
      default: String(otherwise),
      set: (textOf(env[name])?.trim() ?? '') !== '',
      secret: false,
    };
  });
  return { settings, problems };
};
