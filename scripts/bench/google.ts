// The stub in a process of its own, so that its work is not in the load's way.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../build/cmake.ts';
import type { BenchMode } from '../googlestub/bench.ts';
import type { Google } from './subjects.ts';

export interface SimulatedGoogle extends Google {
  answer(mode: BenchMode): Promise<void>;
  end(): void;
}

export async function startGoogle(): Promise<SimulatedGoogle> {
  const main = join(root, 'scripts', 'googlestub', 'main.ts');
  const child = spawn(process.execPath, [main, '--json', '--accounts', '3'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url, vars } = JSON.parse(line) as { url: string; vars: Record<string, string> };
  const control = async (path: string, body: unknown): Promise<unknown> => {
    const init = { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${url}/__stub/${path}`, init);
    if (!answer.ok) throw new Error(`the stub answered ${answer.status}`);
    return answer.json();
  };
  const [account] = (await control('accounts', { kind: 'api_key' })) as [{ secret: string }];
  return {
    url,
    vars,
    apiKey: account.secret,
    answer: async (mode) => void (await control('bench', mode)),
    end: () => void child.kill(),
  };
}
