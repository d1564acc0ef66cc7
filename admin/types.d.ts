// The answers of /admin/api, as docs/admin-api.md tells them.

export interface Scoped {
  now: string;
  scope: 'deployment' | 'isolate';
  scope_since: string | null;
}

export interface LastError {
  at: string | null;
  model: string | null;
  status: number | null;
  class: string | null;
  message: string | null;
  remedy: string | null;
  link: string | null;
}

export interface Credential {
  alias: string;
  id: string;
  variable: string;
  kind: string;
  project: string | null;
  backend: string;
  location: string | null;
  models: string[] | null;
  weight: number;
  state: 'ready' | 'cooling' | 'quarantined';
  reason: string | null;
  remedy: string | null;
  link: string | null;
  since: string | null;
  until: string | null;
  token: { state: string; minted: string | null; expires: string | null };
  attempts: number;
  failures: number;
  last_error: LastError | null;
}

export interface Cooling {
  credential: string | null;
  model: string;
  reason: string;
  since: string | null;
  until: string | null;
  left_ms: number | null;
}

export interface Problem {
  variable: string;
  fault: string;
}

export interface Pool extends Scoped {
  strategy: string;
  bindings: { kv: boolean; pool: boolean; store: boolean };
  credentials: Credential[];
  models: string[];
  cooling: Cooling[];
  problems: Problem[];
}

export interface Place {
  place: number | null;
  credential: string;
  verdict: string;
  reason: string | null;
  since: string | null;
  until: string | null;
}

export interface Explained {
  now: string;
  asked: string;
  model: string;
  fallbacks: string[];
  state: string;
  strategy: string;
  earliest: string | null;
  order: Place[];
}

export interface Tested {
  credential: string;
  model: string | null;
  ok: boolean;
  ms: number | null;
  token: { ok: boolean; ms: number | null } | null;
  status: number | null;
  class: string | null;
  message: string | null;
  remedy: string | null;
  link: string | null;
}

export interface Attempt {
  credential: string | null;
  model: string | null;
  outcome: string;
  reason: string | null;
  status: number | null;
  until: string | null;
  ms: number | null;
}

export interface Listed {
  id: string;
  at: string;
  operation: string;
  client: string | null;
  model: string | null;
  status: number;
  ms: number | null;
  first_byte_ms: number | null;
  credential: string | null;
  left: string | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  error: string | null;
  attempts: Attempt[];
}

/** One number a step, or null where nothing was measured. */
export type Lines = Partial<Record<string, (number | null)[]>>;

export interface Series extends Scoped {
  span: 'hour' | 'day';
  step_ms: number;
  at: string[];
  total: Lines;
  by_model: Record<string, Lines>;
  by_credential: Record<string, Lines>;
  by_client: Record<string, Lines>;
}

export interface Setting {
  name: string;
  value: string | null;
  default: string | null;
  set: boolean;
  secret: boolean;
}

export interface Client {
  name: string;
  models: string[] | null;
  stored: boolean;
  expires: string | null;
  limits: Record<string, number | null>;
  from: string;
}

export interface Settings {
  settings: Setting[];
  problems: Problem[];
  clients: Client[];
}
