import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { type GoogleStub, startGoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { withoutTerminal } from '../../scripts/rondo/ask.ts';
import { command } from '../../scripts/rondo/command.ts';
import { makeScreen } from '../../scripts/rondo/screen.ts';
import type { World } from '../../scripts/rondo/world.ts';
import { answer, type Cloud, emptyCloud } from './cloud.ts';

// Some commands are processes of their own, which take their time where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'scripts', 'rondo', 'rondo.ts');
const stubProgram = join(import.meta.dirname, 'wranglerstub.ts');

export interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder with a worker's variables, Google's stand-in, and a stand-in for Cloudflare. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'rondo-cli-'));
  readonly google: GoogleStub;
  readonly env: Record<string, string> = {};

  cloud = emptyCloud();

  /** Which a test may let act elsewhere as well. */
  wrangler: World['wrangler'] = async (words, input = '') => answer(this.cloud, words, input);

  constructor(google: GoogleStub) {
    this.google = google;
  }

  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  mode(name: string): number {
    return statSync(join(this.folder, name)).mode & 0o777;
  }

  setCloud(change: Partial<Cloud>): void {
    Object.assign(this.cloud, change);
  }

  environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      HOME: this.folder,
      OAUTH_TOKEN_URL: this.google.tokenUrl,
      VERTEX_BASE_URL: this.google.url,
      GEMINI_BASE_URL: this.google.url,
      RONDO_WRANGLER: stubProgram,
      WRANGLER_STUB: join(this.folder, 'cloud.json'),
      ...this.env,
    };
  }

  /** Within this process. */
  async rondo(...args: string[]): Promise<Result> {
    let out = '';
    let err = '';
    const write = (text: string): void => {
      out += text;
    };
    const code = await command(
      {
        env: this.environment(),
        cwd: this.folder,
        from: this.folder,
        root,
        screen: makeScreen(write, (_, text) => text),
        ask: withoutTerminal,
        complain: (...texts) => {
          err += texts.join('\n');
        },
        wrangler: this.wrangler,
      },
      args,
    );
    return { code, out, err };
  }

  /** As a program of its own, with Wrangler as another. */
  async program(...args: string[]): Promise<Result> {
    this.file('cloud.json', JSON.stringify(this.cloud));
    const result = await this.start(process.execPath, [program, ...args]);
    this.cloud = JSON.parse(this.read('cloud.json')) as Cloud;
    return result;
  }

  /** On a terminal of its own. Each answer is typed when its question shows. */
  onTerminal(answers: readonly (readonly [string, string])[], ...args: string[]): Promise<Result> {
    const line = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
    // A terminal that no window belongs to is no columns wide.
    const sized = `stty cols 100 rows 40; exec ${line}`;
    return this.start('script', ['-qefc', sized, '/dev/null'], answers);
  }

  private start(
    command: string,
    args: string[],
    answers: readonly (readonly [string, string])[] = [],
  ): Promise<Result> {
    const env = { ...this.environment(), TERM: 'xterm' };
    const child = spawn(command, args, { cwd: this.folder, env });
    const left = [...answers];
    let out = '';
    let seen = 0;
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const [next] = left;
      const at = next ? out.indexOf(next[0], seen) : -1;
      if (!next || at < 0) return;
      seen = at + next[0].length;
      left.shift();
      child.stdin.write(next[1]);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    if (answers.length === 0) child.stdin.end();
    return new Promise((resolve) => {
      child.on('close', (code) => resolve({ code: code ?? -1, out, err }));
    });
  }
}

/** It is there until the test ends. */
export async function place(): Promise<Place> {
  const google = await startGoogleStub();
  onTestFinished(() => google.close());
  const made = new Place(google);
  onTestFinished(() => rmSync(made.folder, { recursive: true }));
  return made;
}

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly authorization: string;
}

/** Answers as a running Rondo would: by method and path. */
export async function operatorStub(answers: Record<string, JsonObject>, status = 200) {
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push({ method, url, authorization: headers.authorization ?? '' });
    const answer = answers[`${method} ${url}`];
    response.writeHead(answer ? status : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
