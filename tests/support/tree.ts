// A tree of Rondo's own in a temporary folder, and a machine with as few commands as a test gives it.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writePrebuilt } from '../../scripts/build/prebuilt.js';

const root = join(import.meta.dirname, '..', '..');

/** What a deployment is made of, but for the packages. */
export const deployable = [
  'CMakeLists.txt',
  'CMakePresets.json',
  'admin',
  'cmake',
  'cpp',
  'package.json',
  'scripts/build',
  'worker',
  'wrangler.toml',
] as const;

export interface Ended {
  readonly code: number | null;
  /** Standard output and error in one. */
  readonly told: string;
}

export class Tree {
  readonly folder = mkdtempSync(join(tmpdir(), 'rondo-tree-'));
  /** The only folder on PATH: Node, and what was added. */
  readonly bin = join(this.folder, '.bin');

  /** Holds copies of these files and folders of the repository. */
  constructor(...paths: string[]) {
    for (const path of paths) cpSync(join(root, path), this.path(path), { recursive: true });
    mkdirSync(this.bin);
    symlinkSync(process.execPath, join(this.bin, 'node'));
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  read(path: string): Buffer | undefined {
    return existsSync(this.path(path)) ? readFileSync(this.path(path)) : undefined;
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), content);
  }

  append(path: string, text: string): void {
    appendFileSync(this.path(path), text);
  }

  makeRunnable(path: string): void {
    chmodSync(this.path(path), 0o755);
  }

  delete(path: string): void {
    rmSync(this.path(path), { recursive: true });
  }

  /** Commits this as the module that its sources, as they are now, were compiled to. */
  commitModule(bytes: Uint8Array): void {
    writePrebuilt(this.folder, bytes, ['a compiler']);
  }

  /** Puts a command on PATH, as lines of a shell. It notes each of its calls. */
  command(name: string, lines: string): void {
    const path = join(this.bin, name);
    const note = `echo "${name} $*" >>'${this.path('.calls')}'`;
    writeFileSync(path, `#!/bin/sh\n${note}\n${lines}\n`);
    chmodSync(path, 0o755);
  }

  /** Puts commands of this machine on PATH as they are. */
  borrow(...names: string[]): void {
    for (const name of names) {
      const found = ['/usr/bin', '/bin'].map((folder) => join(folder, name)).find(existsSync);
      if (found) symlinkSync(found, join(this.bin, name));
    }
  }

  /** The calls of its commands, in order. */
  get calls(): string[] {
    return this.read('.calls')?.toString().trimEnd().split('\n') ?? [];
  }

  /** What a command gets of the environment: nothing but PATH and what is given. */
  env(given: Record<string, string> = {}): Record<string, string> {
    return { PATH: this.bin, HOME: this.folder, ...given };
  }

  run(program: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: this.folder,
        env: this.env(env),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let told = '';
      const note = (chunk: Buffer): void => {
        told += chunk;
      };
      child.stdout.on('data', note);
      child.stderr.on('data', note);
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, told }));
    });
  }

  node(...args: string[]): Promise<Ended> {
    return this.run(process.execPath, args);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
