import { parseArgs } from 'node:util';
import { type AccountKind, accountKinds } from './accounts.ts';
import { startGoogleStub } from './googlestub.ts';

const usage = `Usage: node scripts/googlestub/main.ts [options]

Starts a stand-in for Google: token endpoint, Vertex AI and Gemini API on one address.

  --port N          listen on this port of 127.0.0.1 (default: any that is free)
  --accounts N      make so many credentials (default: 3)
  --kind KIND       service_account (default), authorized_user, oauth_tokens or api_key
  --per-minute N    requests a minute that each project may make of a model
  --per-day N       the same for a day
  --pace MS         pause between the events of a streamed answer
  --vars            print the worker's variables, one NAME='value' a line, as for .dev.vars
  --json            print {"url", "vars"} as one line of JSON
`;

function count(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`"${text}" is no whole number`);
}

function kindNamed(text: string): AccountKind {
  const kind = accountKinds.find((known) => known === text);
  if (kind) return kind;
  throw new Error(`"${text}" is no kind of credential`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      accounts: { type: 'string' },
      kind: { type: 'string' },
      'per-minute': { type: 'string' },
      'per-day': { type: 'string' },
      pace: { type: 'string' },
      vars: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  const perMinute = count(values['per-minute']);
  const perDay = count(values['per-day']);
  const stub = await startGoogleStub({
    port: count(values.port) ?? 0,
    pace: count(values.pace) ?? 0,
    quotas: {
      ...(perMinute === undefined ? {} : { perMinute }),
      ...(perDay === undefined ? {} : { perDay }),
    },
  });
  const kind = kindNamed(values.kind ?? 'service_account');
  for (let made = 0; made < (count(values.accounts) ?? 3); made += 1) stub.add(kind);
  const vars = stub.vars();
  if (values.json) process.stdout.write(`${JSON.stringify({ url: stub.url, vars })}\n`);
  else if (values.vars) process.stdout.write(varLines(vars));
  else process.stdout.write(`Simulating Google at ${stub.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stub.close());
  }
}

function varLines(vars: Readonly<Record<string, string>>): string {
  return Object.entries(vars)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  process.exitCode = 1;
});
