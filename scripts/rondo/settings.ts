import { join, resolve } from 'node:path';
import type { Defaults } from './credential.ts';
import { readVars, type Vars } from './devvars.ts';
import type { Endpoints } from './google.ts';
import type { World } from './world.ts';

export const varsPath = ({ cwd }: Pick<World, 'cwd'>): string => join(cwd, '.dev.vars');

export const varsOf = (world: World): Vars => readVars(varsPath(world));

/** A setting of the worker, from `.dev.vars` or the environment. */
const setting = (world: World, name: string): string | undefined =>
  varsOf(world)[name]?.trim() || world.env[name]?.trim() || undefined;

export const endpointsOf = (world: World): Endpoints => ({
  token: setting(world, 'OAUTH_TOKEN_URL'),
  vertex: setting(world, 'VERTEX_BASE_URL'),
  gemini: setting(world, 'GEMINI_BASE_URL'),
  clientId: setting(world, 'OAUTH_CLIENT_ID'),
  clientSecret: setting(world, 'OAUTH_CLIENT_SECRET'),
});

export const defaultsOf = (world: World, project?: string): Defaults => ({
  project: project ?? setting(world, 'GOOGLE_CLOUD_PROJECT'),
  location: setting(world, 'GOOGLE_CLOUD_LOCATION'),
});

/** A file that the operator named: relative to where the command was called. */
export const fileOf = (world: World, name: string): string => resolve(world.from, name);
