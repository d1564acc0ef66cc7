import { createHash } from 'node:crypto';

/** The number that Google gives a project beside its id, always the same: twelve digits. */
export function projectNumber(project: string): string {
  const hash = createHash('sha256').update(project).digest();
  return String(100_000_000_000 + (hash.readUIntBE(0, 6) % 900_000_000_000));
}

/** The resource by its project's number, as Vertex AI tells it whatever it was asked by. */
export function numbered(name: string): string {
  return name.replace(/^projects\/(?!\d+\/)([^/]+)\//, (_, id: string) => {
    return `projects/${projectNumber(id)}/`;
  });
}
