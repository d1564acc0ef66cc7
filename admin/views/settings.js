// The settings in force, without secrets, and what is wrong in them.
import { read } from '../lib/api.js';
import { h, lay } from '../lib/dom.js';
import { count, moment, plain } from '../lib/format.js';
import { empty, table } from '../lib/parts.js';

/** @typedef {import('../types.d.ts').Settings} Settings */
/** @typedef {import('../types.d.ts').Setting} Setting */
/** @typedef {import('../types.d.ts').Client} Client */

export class SettingsView extends HTMLElement {
  async load() {
    /** @type {Settings} */
    const { settings, problems, clients } = await read('settings');
    const faults = new Map(problems.map(({ variable, fault }) => [variable, fault]));
    const all = inOrder(settings);
    const set = all.filter((one) => one.set || faults.has(one.name));
    const rest = all.filter((one) => !set.includes(one));
    lay(
      this,
      h('h1', {}, 'Settings'),
      problems.length === 0
        ? h('p', { class: 'notice good' }, 'Nothing is wrong with them.')
        : h(
            'div',
            { class: 'notice bad' },
            h('strong', {}, 'To be put right'),
            h(
              'ul',
              {},
              ...problems.map(({ variable, fault }) =>
                h('li', {}, h('code', {}, variable), ` ${fault}`),
              ),
            ),
          ),
      h('h2', {}, 'Set here'),
      set.length === 0 ? empty('Nothing is set.') : lines('Set here', set, faults),
      h('h2', {}, 'Clients'),
      clients.length === 0 ? empty('No client has a key.') : clientTable(clients),
      h('h2', {}, 'Defaults in force'),
      lines('Defaults in force', rest, faults),
    );
  }
}

/** @param {Setting} one */
const isCredential = ({ name }) => name.startsWith('GCP_SERVICE_ACCOUNT');

/**
 * Credentials as the pool numbers them, where they stand; all else as it came.
 * @param {Setting[]} settings
 */
function inOrder(settings) {
  const numbered = settings
    .filter(isCredential)
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  return settings.map((one) => (isCredential(one) ? (numbered.shift() ?? one) : one));
}

/**
 * @param {string} label
 * @param {Setting[]} settings
 * @param {Map<string, string>} faults
 */
const lines = (label, settings, faults) =>
  table(
    label,
    ['Name', 'Value', 'Default'],
    settings.map((one) =>
      h(
        'tr',
        { 'data-key': one.name, class: faults.has(one.name) ? 'broken' : null },
        h('th', { scope: 'row' }, h('code', {}, one.name)),
        h(
          'td',
          { class: 'long' },
          shownValue(one),
          faults.has(one.name) && h('small', { class: 'fault' }, faults.get(one.name)),
        ),
        h('td', { class: 'long' }, one.default ?? '–'),
      ),
    ),
  );

/** @param {Setting} one */
function shownValue({ value, secret, set }) {
  if (secret) return h('em', {}, set ? 'set, secret' : 'not set');
  return value === null || value === '' ? '–' : value;
}

/** @param {Client[]} clients */
const clientTable = (clients) =>
  table(
    'Clients',
    ['Name', 'Models', 'Stored content', 'Expires', 'Limits', 'From'],
    clients.map((one) =>
      h(
        'tr',
        { 'data-key': one.name },
        h('th', { scope: 'row', class: 'name' }, one.name),
        h('td', { class: 'words' }, one.models?.join(', ') ?? 'all'),
        h('td', {}, one.stored ? 'allowed' : 'not allowed'),
        h('td', {}, one.expires ? moment(one.expires) : 'never'),
        h('td', { class: 'words' }, limitsOf(one)),
        h('td', {}, h('code', {}, one.from)),
      ),
    ),
  );

/** @param {Client} client */
function limitsOf({ limits }) {
  const told = Object.entries(limits).flatMap(([name, most]) =>
    most === null ? [] : [`${count(most)} ${plain(name)}`],
  );
  return told.length > 0 ? told.join(', ') : 'none';
}

customElements.define('rondo-settings', SettingsView);
