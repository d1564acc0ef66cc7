// What the worker adds to the operator's answers: what it alone has read.
import type { Env } from './core/core.ts';
import {
  numberLines,
  type Problem,
  readSwitch,
  type SettingLine,
  switches,
  textOf,
} from './core/settings.ts';
import { type LimitName, limitNames } from './limits/tally.ts';
import type { Holder } from './middleware/keyholder.ts';
import { type KeyRing, makeAdminRing, makeKeyRing, makeMetricsRing } from './middleware/keyring.ts';
import { kvKeysProblem } from './middleware/kvkeys.ts';
import { type Origins, readOrigins } from './middleware/origins.ts';

/** Secrets that the worker reads. The module notes those that are its own. */
const secrets = ['CLIENT_API_KEYS', 'OPENAI_API_KEY', 'ADMIN_API_KEY', 'METRICS_KEY'] as const;

const isSet = (env: Env, name: string): boolean => (textOf(env[name])?.trim() ?? '') !== '';

const secretLine = (env: Env, name: string): SettingLine => ({
  name,
  value: null,
  default: null,
  set: isSet(env, name),
  secret: true,
});

const plainLine = (env: Env, name: string, value: string, otherwise: string): SettingLine => ({
  name,
  value,
  default: otherwise,
  set: isSet(env, name),
  secret: false,
});

const switchLine = (env: Env, name: (typeof switches)[number]): SettingLine =>
  plainLine(env, name, String(readSwitch(env, name).isOn), 'false');

/** Tells what is understood: what was pasted there by mistake may be a secret. */
const originsLine = (env: Env, { allowed }: Origins): SettingLine => {
  const value = typeof allowed === 'string' ? allowed : [...allowed].join(',') || 'off';
  return plainLine(env, 'CORS_ORIGINS', value, '*');
};

const originsProblem = ({ fault }: Origins): Problem[] =>
  fault === undefined ? [] : [{ variable: 'CORS_ORIGINS', fault }];

/** "CLIENT_API_KEYS: entry 2 is empty" */
const ringProblem = ({ fault }: KeyRing): Problem[] => {
  if (fault === undefined) return [];
  const at = fault.indexOf(': ');
  return [{ variable: fault.slice(0, at), fault: fault.slice(at + 2) }];
};

/** Each limit by its name. */
const limitsOf = ({ limits = {} }: Holder): Record<LimitName, number | null> =>
  Object.fromEntries(limitNames.map((name) => [name, limits[name] ?? null])) as Record<
    LimitName,
    number | null
  >;

/** Those who may call, without their keys. What a key doesn't say is null. */
const clientsOf = ({ keys }: KeyRing): object[] =>
  keys.map((key) => ({
    name: key.name,
    models: key.models ?? null,
    stored: key.stored ?? true,
    expires: key.expires === undefined ? null : new Date(key.expires).toISOString(),
    limits: limitsOf(key),
    from: key.name === 'OPENAI_API_KEY' ? 'OPENAI_API_KEY' : 'CLIENT_API_KEYS',
  }));

/** What is wrong in the variables that the worker reads. Quotes nothing. */
export const variableProblems = (env: Env): Problem[] => [
  ...numberLines(env).problems,
  ...switches.flatMap((name) => readSwitch(env, name).problem ?? []),
  ...originsProblem(readOrigins(env)),
  ...[makeKeyRing(env), makeAdminRing(env), makeMetricsRing(env)].flatMap(ringProblem),
];

/** Whether there is neither a key nor a place where one is looked for: then nobody is let in. */
const hasNoKeys = (env: Env): boolean => {
  const { keys, anonymous, fault } = makeKeyRing(env);
  const looksInKv = readSwitch(env, 'CLIENT_KEYS_IN_KV').isOn && env.GEMINI_CLI_KV !== undefined;
  return fault === undefined && keys.length === 0 && !anonymous && !looksInKv;
};

const closed: Problem = {
  variable: 'CLIENT_API_KEYS',
  fault: 'is not set, so /v1 is closed to everybody',
};

/** What is wrong with what is bound, and what isn't set. */
const otherProblems = (env: Env): Problem[] => {
  const problem = kvKeysProblem(env);
  return [...(problem ? [problem] : []), ...(hasNoKeys(env) ? [closed] : [])];
};

/** The worker's part of the report on settings, as JSON. Holds no secret. */
export const workerReport = (env: Env): string =>
  JSON.stringify({
    settings: [
      ...numberLines(env).settings,
      ...switches.map((name) => switchLine(env, name)),
      originsLine(env, readOrigins(env)),
      ...secrets.map((name) => secretLine(env, name)),
    ],
    problems: [...variableProblems(env), ...otherProblems(env)],
    clients: clientsOf(makeKeyRing(env)),
  });
