// A pool on a day when not all goes well: what the operator's API would tell of it.

const minute = 60_000;
const hour = 60 * minute;

/** Google's names for models, in the order of their use here. */
const flash = 'gemini-3.8-flash';
const pro = 'gemini-3.8-pro';
const lite = 'gemini-3.5-flash-lite';

type Answers = Readonly<Record<string, (query: URLSearchParams) => unknown>>;

const at = (now: number, ms: number): string => new Date(now + ms).toISOString();

const quotaMessage =
  'Quota exceeded for aiplatform.googleapis.com/generate_content_requests_per_minute with base model gemini-3.8-flash.';
const denied = {
  remedy: 'Give the account the role roles/aiplatform.user in its project.',
  link: 'https://console.cloud.google.com/iam-admin/iam?project=archive-7',
};

function credentials(now: number) {
  const usual = {
    kind: 'service_account',
    backend: 'vertex',
    location: 'global',
    models: null,
    weight: 1,
    state: 'ready',
    reason: null,
    remedy: null,
    link: null,
    since: null,
    until: null,
    last_error: null,
  };
  const valid = (minted: number) => ({
    state: 'valid',
    minted: at(now, -minted),
    expires: at(now, hour - minted),
  });
  return [
    {
      ...usual,
      alias: 'main',
      id: '0011223344556677',
      variable: 'GCP_SERVICE_ACCOUNT_1',
      project: 'rondo-prod-1',
      weight: 2,
      token: valid(12 * minute),
      attempts: 1412,
      failures: 9,
      last_error: {
        at: at(now, -19_000),
        model: flash,
        status: 429,
        class: 'minute',
        message: quotaMessage,
        remedy: null,
        link: null,
      },
    },
    {
      ...usual,
      alias: 'second',
      id: '1122334455667788',
      variable: 'GCP_SERVICE_ACCOUNT_2',
      project: 'rondo-prod-2',
      token: valid(41 * minute),
      attempts: 1388,
      failures: 2,
    },
    {
      ...usual,
      alias: 'archive',
      id: '2233445566778899',
      variable: 'GCP_SERVICE_ACCOUNT_3',
      project: 'archive-7',
      location: 'europe-west4',
      state: 'quarantined',
      reason: 'no_access',
      ...denied,
      since: at(now, -26 * minute),
      until: at(now, 34 * minute),
      token: valid(26 * minute),
      attempts: 3,
      failures: 3,
      last_error: {
        at: at(now, -26 * minute),
        model: pro,
        status: 403,
        class: 'no_access',
        message:
          "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/archive-7'.",
        ...denied,
      },
    },
    {
      ...usual,
      alias: 'studio',
      id: '33445566778899aa',
      variable: 'GEMINI_API_KEY',
      kind: 'api_key',
      project: null,
      backend: 'gemini',
      location: null,
      models: ['gemini-3.*-flash*'],
      token: { state: 'not_needed', minted: null, expires: null },
      attempts: 212,
      failures: 1,
    },
  ];
}

const cooling = (now: number) => [
  {
    credential: 'main',
    model: flash,
    reason: 'minute',
    since: at(now, -19_000),
    until: at(now, 41_000),
    left_ms: 41_000,
  },
  {
    credential: 'studio',
    model: flash,
    reason: 'day',
    since: at(now, -2 * hour),
    until: at(now, 7 * hour + 20 * minute),
    left_ms: 7 * hour + 20 * minute,
  },
];

const problems = [{ variable: 'MODEL_ALIASES', fault: 'is not a JSON object' }];

const scope = (now: number) => ({
  now: at(now, 0),
  scope: 'deployment',
  scope_since: at(now, -26 * hour),
});

const pool = (now: number) => ({
  ...scope(now),
  strategy: 'round_robin',
  bindings: { kv: true, pool: true, store: false },
  credentials: credentials(now),
  models: [flash, pro, lite],
  cooling: cooling(now),
  problems,
});

const explained = (now: number, asked: string) => ({
  now: at(now, 0),
  asked,
  model: flash,
  fallbacks: [lite],
  state: 'ready',
  strategy: 'round_robin',
  earliest: at(now, 0),
  order: [
    { place: 1, credential: 'second', verdict: 'next', reason: null, since: null, until: null },
    ...cooling(now).map(({ credential, reason, since, until }) => ({
      place: null,
      credential,
      verdict: 'cooling',
      reason,
      since,
      until,
    })),
    {
      place: null,
      credential: 'archive',
      verdict: 'quarantined',
      reason: 'no_access',
      since: at(now, -26 * minute),
      until: at(now, 34 * minute),
    },
  ],
});

/** A wave with some roughness that is the same in each picture. */
const wave = (steps: number, base: number, swing: number, phase: number): number[] =>
  Array.from({ length: steps }, (_, step) => {
    const rough = ((step * 7919 + phase * 104_729) % 17) / 17;
    const value = base + swing * Math.sin(step / 8 + phase) + swing * rough;
    return Math.max(0, Math.round(value));
  });

function lines(steps: number, share: number) {
  const requests = wave(steps, 42 * share, 14 * share, 1);
  const errors = wave(steps, -6, 8 * share, 3);
  const p50 = wave(steps, 780, 160, 2);
  const first = wave(steps, 360, 70, 5);
  return {
    requests,
    errors,
    attempts: requests.map((count, step) => count + (errors[step] ?? 0) * 2),
    prompt_tokens: requests.map((count) => count * 1180),
    completion_tokens: requests.map((count, step) => count * (310 + (step % 5) * 22)),
    latency_p50_ms: p50,
    latency_p95_ms: p50.map((ms, step) => ms * 2 + ((step * 37) % 11) * 60),
    first_byte_p50_ms: first,
    first_byte_p95_ms: first.map((ms, step) => ms * 2 + ((step * 29) % 7) * 40),
  };
}

function series(now: number, span: string) {
  const stepMs = span === 'day' ? 15 * minute : minute;
  const steps = span === 'day' ? 96 : 60;
  const end = now - (now % stepMs);
  return {
    ...scope(now),
    span,
    step_ms: stepMs,
    at: Array.from({ length: steps }, (_, step) => at(end, (step - steps + 1) * stepMs)),
    total: lines(steps, 1),
    by_model: { [flash]: lines(steps, 0.6), [pro]: lines(steps, 0.3), [lite]: lines(steps, 0.1) },
    by_credential: { main: lines(steps, 0.5), second: lines(steps, 0.5) },
    by_client: { alice: lines(steps, 0.7), ci: lines(steps, 0.3) },
  };
}

function requests(now: number, query: URLSearchParams) {
  const all = Array.from({ length: 40 }, (_, index) => request(now, index));
  const fits = (name: string, value: unknown) => {
    const wanted = query.get(name);
    return wanted === null || String(value) === wanted;
  };
  const found = all.filter(
    (one) =>
      fits('model', one.model) && fits('credential', one.credential) && fits('client', one.client),
  );
  return { now: at(now, 0), requests: found };
}

function request(now: number, index: number) {
  const isSpent = index % 13 === 5;
  const isSecondTry = index % 5 === 2;
  const ms = 610 + ((index * 173) % 900) + (isSecondTry ? 480 : 0);
  const model = index % 3 === 1 ? pro : flash;
  const passed = {
    credential: 'main',
    model,
    outcome: 'cooling',
    reason: 'minute',
    status: 429,
    until: at(now, 41_000),
    ms: 184,
  };
  const done = {
    credential: 'second',
    model,
    outcome: 'ok',
    reason: null,
    status: 200,
    until: null,
    ms: ms - 200,
  };
  return {
    id: `req_${(0x7c1f0e55 + index * 7919).toString(16)}`,
    at: at(now, -3000 - index * 21_000),
    operation: index % 4 === 3 ? 'responses' : 'chat_completions',
    client: index % 4 === 1 ? 'ci' : 'alice',
    model,
    status: isSpent ? 429 : 200,
    ms: isSpent ? 196 : ms,
    first_byte_ms: isSpent ? null : Math.round(ms * 0.45),
    credential: isSpent ? null : 'second',
    left: null,
    prompt_tokens: isSpent ? null : 900 + index * 31,
    completion_tokens: isSpent ? null : 210 + index * 7,
    error: isSpent ? 'rate_limit_exceeded' : null,
    attempts: isSpent ? [passed] : isSecondTry ? [passed, done] : [done],
  };
}

const setting = (name: string, value: string | null, usual: string | null, isSecret: boolean) => ({
  name,
  value,
  default: usual,
  set: value !== usual || isSecret,
  secret: isSecret,
});

const settings = () => ({
  settings: [
    setting('MAX_ATTEMPTS', '6', '4', false),
    setting('MODEL_FALLBACKS', `{"${flash}":["${lite}"]}`, '{}', false),
    setting('CLIENT_API_KEYS', null, null, true),
    setting('ADMIN_API_KEY', null, null, true),
    setting('MODEL_ALIASES', '{}', '{}', false),
    setting('POOL_STRATEGY', 'round_robin', 'round_robin', false),
    setting('BODY_TIMEOUT_MS', '30000', '30000', false),
    setting('LOG_LEVEL', 'info', 'info', false),
  ],
  problems,
  clients: ['alice', 'ci'].map((name) => ({
    name,
    models: name === 'ci' ? ['gemini-*-flash*'] : null,
    stored: true,
    expires: null,
    limits: { requests_per_minute: name === 'ci' ? 60 : null, requests_per_day: null },
    from: 'CLIENT_API_KEYS',
  })),
});

/** What each path under `/admin/api/` answers at a time. */
export const sampleAnswers = (now: number): Answers => ({
  pool: () => pool(now),
  explain: (query) => explained(now, query.get('model') ?? ''),
  series: (query) => series(now, query.get('span') ?? 'hour'),
  requests: (query) => requests(now, query),
  settings,
});
