// Serves the worker on this machine, with Google behind it or, without credentials, the stub.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { startGoogleStub } from '../googlestub/googlestub.ts';
import { greeting } from './greeting.ts';
import { needsClientKey, needsGoogleStub } from './vars.ts';

const port = Number(process.env.PORT ?? 8787);
const url = `http://localhost:${port}`;
const localKey = 'rondo-dev';

async function ownVars(): Promise<NodeJS.Dict<string>> {
  try {
    return parseEnv(await readFile('.dev.vars', 'utf8'));
  } catch {
    return {};
  }
}

async function simulatedVars(): Promise<Record<string, string>> {
  const stub = await startGoogleStub({ pace: 30 });
  stub.addServiceAccounts(3);
  console.log(
    `dev: no credential in .dev.vars, so ANSWERS ARE SIMULATED, by a stand-in at ${stub.url}`,
  );
  return stub.vars();
}

function serve(vars: Readonly<Record<string, string>>): void {
  const given = Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]);
  const wrangler = spawn('wrangler', ['dev', '--port', String(port), ...given], {
    // Wrangler's keyboard menu would swallow what is typed meanwhile.
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  wrangler.on('exit', (code) => process.exit(code ?? 0));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => wrangler.kill(signal));
  }
}

async function whenServing(): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const own = await ownVars();
const added = needsGoogleStub(own) ? await simulatedVars() : {};
const key = needsClientKey(own) ? { CLIENT_API_KEYS: localKey } : {};
serve({ ...added, ...key });
await whenServing();
console.log(greeting(url, needsClientKey(own) ? localKey : 'YOUR-CLIENT-KEY'));
