// The agents that are tried, and how each is told of Rondo: docs/clients.md shows the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Agent, dialects, type Endpoint, type Program, type Setup } from './agent.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Qwen Code: environment variables of each dialect's own vendor. */
function qwen(type: string, env: Setup['env']): Setup {
  return { env, files: {}, options: ['--auth-type', type, '--yolo', '--prompt'] };
}

/** OpenCode: a provider of the AI SDK. */
function opencode(npm: string, { url, key, model }: Endpoint): Setup {
  const options = { baseURL: `${url}/v1`, apiKey: key };
  const provider = { rondo: { npm, options, models: { [model]: {} } } };
  const files = { '.config/opencode/opencode.json': json({ provider }) };
  return { env: {}, files, options: ['run', '--model', `rondo/${model}`] };
}

/** Pi: a provider with one of its APIs, whose base is the dialect's own. */
function pi(api: string, baseUrl: string, { key, model }: Endpoint): Setup {
  const rondo = { api, baseUrl, apiKey: key, models: [{ id: model, reasoning: true }] };
  const files = { '.pi/agent/models.json': json({ providers: { rondo } }) };
  return { env: {}, files, options: ['--provider', 'rondo', '--model', model, '--print'] };
}

/** GitHub Copilot CLI with a provider of one's own, which needs no account at GitHub. */
function copilot({ key, model }: Endpoint, env: Setup['env']): Setup {
  return {
    env: {
      ...env,
      COPILOT_PROVIDER_API_KEY: key,
      COPILOT_MODEL: model,
      COPILOT_OFFLINE: 'true',
    },
    files: {},
    options: ['--allow-all-tools', '--allow-all-paths', '--prompt'],
  };
}

function cline({ url, key, model }: Endpoint): Setup {
  const settings = { provider: 'openai-compatible', baseUrl: `${url}/v1`, apiKey: key, model };
  const updatedAt = '2026-11-01T00:00:00.000Z';
  const provider = { settings, updatedAt, tokenSource: 'manual' };
  const providers = { version: 1, modes: {}, providers: { 'openai-compatible': provider } };
  return {
    env: {},
    files: { '.cline/data/settings/providers.json': json(providers) },
    options: ['--provider', 'openai-compatible', '--model', model],
  };
}

function codex({ url, key, model }: Endpoint): Setup {
  const config = `model = "${model}"
model_provider = "rondo"

[model_providers.rondo]
name = "Rondo"
base_url = "${url}/v1"
env_key = "RONDO_API_KEY"
wire_api = "responses"
`;
  return {
    env: { RONDO_API_KEY: key },
    files: { '.codex/config.toml': config },
    options: ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'],
  };
}

/** Gemini CLI, which speaks Google's own dialect. */
function gemini({ url, key, model }: Endpoint): Setup {
  return {
    env: { GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: key, GEMINI_CLI_TRUST_WORKSPACE: 'true' },
    files: {
      '.gemini/settings.json': json({ security: { auth: { selectedType: 'gemini-api-key' } } }),
    },
    options: ['--model', model, '--yolo', '--prompt'],
  };
}

const programs: readonly Program[] = [
  {
    program: 'qwen',
    package: '@qwen-code/qwen-code',
    setups: {
      'chat completions': ({ url, key, model }) =>
        qwen('openai', {
          OPENAI_BASE_URL: `${url}/v1`,
          OPENAI_API_KEY: key,
          OPENAI_MODEL: model,
        }),
      responses: ({ url, key, model }) =>
        qwen('openai-responses', {
          OPENAI_BASE_URL: `${url}/v1`,
          OPENAI_API_KEY: key,
          OPENAI_MODEL: model,
        }),
      messages: ({ url, key, model }) =>
        qwen('anthropic', {
          ANTHROPIC_BASE_URL: url,
          ANTHROPIC_API_KEY: key,
          ANTHROPIC_MODEL: model,
        }),
    },
  },
  {
    program: 'opencode',
    package: 'opencode-ai',
    setups: {
      'chat completions': (at) => opencode('@ai-sdk/openai-compatible', at),
      responses: (at) => opencode('@ai-sdk/openai', at),
      messages: (at) => opencode('@ai-sdk/anthropic', at),
    },
  },
  {
    program: 'pi',
    package: '@mariozechner/pi-coding-agent',
    setups: {
      'chat completions': (at) => pi('openai-completions', `${at.url}/v1`, at),
      responses: (at) => pi('openai-responses', `${at.url}/v1`, at),
      messages: (at) => pi('anthropic-messages', at.url, at),
    },
  },
  { program: 'cline', package: 'cline', setups: { 'chat completions': cline } },
  { program: 'codex', package: '@openai/codex', setups: { responses: codex } },
  {
    program: 'copilot',
    package: '@github/copilot',
    setups: {
      'chat completions': (at) => copilot(at, { COPILOT_PROVIDER_BASE_URL: `${at.url}/v1` }),
      responses: (at) =>
        copilot(at, {
          COPILOT_PROVIDER_BASE_URL: `${at.url}/v1`,
          COPILOT_PROVIDER_WIRE_API: 'responses',
        }),
      messages: (at) =>
        copilot(at, {
          COPILOT_PROVIDER_BASE_URL: at.url,
          COPILOT_PROVIDER_TYPE: 'anthropic',
        }),
    },
  },
  { program: 'gemini', package: '@google/gemini-cli', setups: { gemini } },
];

export const agents: readonly Agent[] = programs.flatMap(({ setups, ...named }) =>
  dialects.flatMap((dialect) => {
    const setup = setups[dialect];
    return setup ? [{ ...named, dialect, setup }] : [];
  }),
);

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

/** The exact version that is installed. */
export function versionOf(agent: Agent): string {
  return manifest.dependencies[agent.package] ?? '';
}
