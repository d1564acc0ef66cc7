import type { Account } from './accounts.ts';
import { invalidArgument, type Refusal } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { ApiBackend, Families } from './families.ts';
import { readMessage, type Verdict } from './message.ts';
import { geminiModelMissing, modelFormFault, type Task, vertexModelMissing } from './models.ts';
import { cacheModelFault, dropExpired, unreadyFault, withCached } from './resources.ts';
import type { Route } from './routes.ts';
import { ruleFault } from './rules.ts';
import type { Signer } from './signatures.ts';
import { storedFault, targetFault } from './stored.ts';
import type { World } from './world.ts';

/** Whom thought signatures of this call's answer are good for. */
export function signerOf(families: Families, route: Route, account: Account): Signer {
  return {
    backend: route.backend ?? '',
    kind: account.kind,
    project: route.project ?? account.project,
    group: families.of(route.model ?? '').group,
  };
}

/** Everything Google looks at before it lets a model answer. */
export function checkGenerate(
  world: World,
  exchange: Exchange,
  route: Route,
  account: Account,
): Verdict {
  const missing = modelFault(world, route, account, 'generate');
  if (missing) return { refusal: missing };
  const read = readMessage(world, exchange, route, 'GenerateContentRequest');
  if ('refusal' in read) return read;
  const { request } = read;
  const model = route.model ?? '';
  const backend = route.backend as ApiBackend;
  const signer = signerOf(world.families, route, account);
  const project = route.project ?? account.project;
  dropExpired(world);
  const fault = ruleFault({
    request: withCached(world, request, project),
    model,
    family: world.families.of(model),
    backend,
    streaming: route.method === 'streamGenerateContent',
    acceptsSignature: (signature, part) => world.signatures.accepts(signature, signer, part),
  });
  const refusal =
    (fault === null ? null : invalidArgument(fault)) ??
    world.refusals.find(request, model, backend) ??
    storedFault(world.stored, request, route, project) ??
    cacheModelFault(world, request, route) ??
    unreadyFault(world, request);
  return refusal ? { refusal } : read;
}

/** Whether there is such a model here, and whether it can do such a thing. */
export function modelFault(
  world: World,
  route: Route,
  account: Account,
  task: Task,
): Refusal | null {
  const id = route.model ?? '';
  const project = route.project ?? account.project;
  if (id.includes('/')) return targetFault(world.stored, route, project);
  const model = world.models.find((candidate) => candidate.id === id);
  if (route.backend === 'gemini') {
    if (model?.task === task) return null;
    const fault = modelFormFault(id);
    if (fault !== null) return invalidArgument(fault);
    return geminiModelMissing(id, route.version, route.method ?? '');
  }
  const { locations } = world.families.of(id);
  const location = route.location ?? 'global';
  if (!model || (model.task === 'generate' && locations && !locations.includes(location))) {
    return vertexModelMissing(project, location, id);
  }
  if (model.task === task) return null;
  return invalidArgument(`Model ${id} does not support ${route.method}.`);
}
