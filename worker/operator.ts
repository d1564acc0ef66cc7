// What the worker adds to the operator's answers: what it alone has read.
import type { Env } from './core/core.ts';
import { numberLines, type Problem, type SettingLine, textOf } from './core/settings.ts';
import { type KeyRing, makeAdminRing, makeKeyRing, makeMetricsRing } from './middleware/keyring.ts';

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

const anonymousLine = (env: Env, ring: KeyRing): SettingLine => ({
  name: 'ALLOW_ANONYMOUS',
  value: String(ring.anonymous),
  default: 'false',
  set: isSet(env, 'ALLOW_ANONYMOUS'),
  secret: false,
});

/** "CLIENT_API_KEYS: entry 2 is empty" */
const problemsOf = ({ fault }: KeyRing): Problem[] => {
  if (fault === undefined) return [];
  const at = fault.indexOf(': ');
  return [{ variable: fault.slice(0, at), fault: fault.slice(at + 2) }];
};

const limits = {
  requests_per_minute: null,
  requests_per_day: null,
  tokens_per_minute: null,
  tokens_per_day: null,
};

/** Those who may call, without their keys. What a key doesn't say is null. */
const clientsOf = ({ keys }: KeyRing): object[] =>
  keys.map((key) => ({
    name: key.name,
    models: key.models ?? null,
    stored: key.stored ?? true,
    expires: null,
    limits,
    from: key.name === 'OPENAI_API_KEY' ? 'OPENAI_API_KEY' : 'CLIENT_API_KEYS',
  }));

/** The worker's part of the report on settings, as JSON. Holds no secret. */
export const workerReport = (env: Env): string => {
  const ring = makeKeyRing(env);
  const { settings, problems } = numberLines(env);
  const rings = [ring, makeAdminRing(env), makeMetricsRing(env)];
  return JSON.stringify({
    settings: [
      ...settings,
      anonymousLine(env, ring),
      ...secrets.map((name) => secretLine(env, name)),
    ],
    problems: [...problems, ...rings.flatMap(problemsOf)],
    clients: clientsOf(ring),
  });
};
