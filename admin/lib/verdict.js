// The pool in one line, and what became different between two looks at it.
import { plain, plural } from './format.js';
import { countdown } from './parts.js';

/** @typedef {import('../types.d.ts').Pool} Pool */
/** @typedef {import('../types.d.ts').Cooling} Cooling */

/**
 * Those that rest for a while. A model that a credential hasn't got is none of these: whoever misspells a
 * model's name makes one.
 * @param {Pool} pool
 */
export const resting = ({ cooling }) => cooling.filter(({ reason }) => reason !== 'no_access');

/**
 * How it stands, at one glance.
 * @param {Pool} pool
 * @returns {(string | Node)[]}
 */
export function headline(pool) {
  const { credentials } = pool;
  const cooling = resting(pool);
  const total = credentials.length;
  if (total === 0) return [mark('bad'), 'No credential can be used: see Settings.'];
  const banned = credentials.filter(({ state }) => state === 'quarantined');
  const ready = credentials.filter(({ state }) => state === 'ready').length;
  const cool = credentials.filter(({ state }) => state === 'cooling').length;
  const tone = ready === 0 ? 'bad' : banned.length + cooling.length + cool > 0 ? 'warm' : 'good';
  const parts = [`${ready} of ${plural(total, 'credential')} ready`];
  if (banned.length > 0) parts.push(`${banned.map(({ alias }) => alias).join(', ')} out`);
  if (cooling.length > 0) parts.push(`${plural(cooling.length, 'pair')} cooling`);
  const soonest = soonestOf(cooling);
  return [
    mark(tone),
    parts.join(' · '),
    ...(soonest ? [' · next free in ', countdown(soonest)] : []),
  ];
}

/** @param {string} tone */
function mark(tone) {
  const dot = document.createElement('span');
  dot.className = `mark ${tone}`;
  dot.setAttribute('aria-hidden', 'true');
  return dot;
}

/** @param {Cooling[]} cooling */
const soonestOf = (cooling) =>
  cooling
    .flatMap(({ until }) => (until === null ? [] : [until]))
    .sort()
    .at(0);

/**
 * News for those who listen to the page.
 * @param {Pool} before
 * @param {Pool} now
 * @returns {string[]}
 */
export function changesOf(before, now) {
  const states = new Map(before.credentials.map(({ id, state }) => [id, state]));
  const turned = now.credentials.flatMap(({ id, alias, state }) => {
    const was = states.get(id);
    return was !== undefined && was !== state ? [`${alias} is now ${plain(state)}.`] : [];
  });
  const was = new Set(before.cooling.map(pairOf));
  const is = new Set(now.cooling.map(pairOf));
  const begun = now.cooling
    .filter((one) => !was.has(pairOf(one)))
    .map(
      ({ credential, model, reason }) =>
        `${whoOf(credential)} cools for ${model}: ${plain(reason)}.`,
    );
  const ended = before.cooling
    .filter((one) => !is.has(pairOf(one)))
    .map(({ credential, model }) => `${whoOf(credential)} is free again for ${model}.`);
  return [...turned, ...begun, ...ended];
}

/** @param {Cooling} cooling */
const pairOf = ({ credential, model }) => `${credential ?? ''} ${model}`;

/** @param {string | null} credential */
const whoOf = (credential) => credential ?? 'Every credential';
