// What agents' tools are called and want to be given.
import type { PlannedCall } from '../googlestub/calls.ts';
import { type JsonObject, objectIn } from '../googlestub/json.ts';

/** Something to be done. Paths are absolute. */
export type Deed =
  | { readonly kind: 'list'; readonly folder: string }
  | { readonly kind: 'read'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string; readonly content: string }
  | { readonly kind: 'shell'; readonly command: string };

type Arguments<Kind extends Deed['kind']> = (deed: Extract<Deed, { kind: Kind }>) => JsonObject;

/** The arguments with which a tool does what it can do. */
type Tool = { readonly [Kind in Deed['kind']]?: Arguments<Kind> };

const description = 'A step of the task';

const tools: Readonly<Record<string, Tool>> = {
  // Qwen Code
  read_file: { read: ({ path }) => ({ file_path: path }) },
  write_file: { write: ({ path, content }) => ({ file_path: path, content }) },
  run_shell_command: { shell: ({ command }) => ({ command, is_background: false, description }) },
  // OpenCode and Pi, which have tools of the same names but not of the same arguments
  read: { read: ({ path }) => ({ filePath: path, path }) },
  write: { write: ({ path, content }) => ({ filePath: path, path, content }) },
  // OpenCode, Pi and GitHub Copilot
  bash: { shell: ({ command }) => ({ command, description }) },
  // Cline
  read_files: { read: ({ path }) => ({ files: [{ path }] }) },
  editor: { write: ({ path, content }) => ({ path, new_text: content }) },
  run_commands: { shell: ({ command }) => ({ commands: [command] }) },
  // Codex, which does everything by its shell
  exec_command: { shell: ({ command }) => ({ cmd: command }) },
  // GitHub Copilot
  view: { list: ({ folder }) => ({ path: folder }), read: ({ path }) => ({ path }) },
  create: { write: ({ path, content }) => ({ path, file_text: content }) },
};

/**
 * The call that does a deed with one of the tools that Google was told of; by a shell where none is
 * made for it.
 */
export function callFor(deed: Deed, declared: readonly JsonObject[]): PlannedCall | undefined {
  return callOf(deed, declared) ?? callOf({ kind: 'shell', command: commandFor(deed) }, declared);
}

function callOf(deed: Deed, declared: readonly JsonObject[]): PlannedCall | undefined {
  for (const [name, tool] of Object.entries(tools)) {
    const make = tool[deed.kind] as ((deed: Deed) => JsonObject) | undefined;
    const declaration = declared.find((each) => each.name === name);
    if (make && declaration) return { name, args: known(make(deed), declaration) };
  }
  return undefined;
}

/** The arguments that a tool has: what others of its name want may offend it. */
function known(args: JsonObject, declaration: JsonObject): JsonObject {
  const schema = objectIn(declaration, 'parametersJsonSchema') ?? {};
  const properties = objectIn(schema, 'properties') ?? {};
  return Object.fromEntries(Object.entries(args).filter(([name]) => name in properties));
}

function commandFor(deed: Deed): string {
  switch (deed.kind) {
    case 'list':
      return `ls '${deed.folder}'`;
    case 'read':
      return `cat '${deed.path}'`;
    case 'write':
      return `printf %s '${deed.content}' > '${deed.path}'`;
    case 'shell':
      return deed.command;
  }
}
