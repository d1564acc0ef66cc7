// Small pieces that several views show.
import { h } from './dom.js';
import { moment, plain, serverNow, span } from './format.js';

/**
 * A time left that counts down by itself, see `tick`.
 * @param {string} until
 */
export function countdown(until) {
  return h('time', { datetime: until, 'data-until': until }, leftUntil(until));
}

/**
 * How long ago, which counts up by itself.
 * @param {string} since
 */
export function ago(since) {
  return h('time', { datetime: since, 'data-since': since, title: moment(since) }, agoOf(since));
}

/** @param {string} until */
const leftUntil = (until) => span(Date.parse(until) - serverNow());

/** @param {string} since */
const agoOf = (since) => span(Math.max(0, serverNow() - Date.parse(since) - 999));

/**
 * Brings all times in `root` up to now.
 * @param {ParentNode} root
 */
export function tick(root) {
  for (const time of root.querySelectorAll('time[data-until], time[data-since]')) {
    const { until, since } = /** @type {HTMLElement} */ (time).dataset;
    const text = until ? leftUntil(until) : since ? agoOf(since) : '';
    if (time.textContent !== text) time.textContent = text;
  }
}

/** @type {ReadonlyMap<string, string>} */
const tones = new Map([
  ['ready', 'good'],
  ['next', 'good'],
  ['ok', 'good'],
  ['cooling', 'warm'],
  ['quarantined', 'bad'],
  ['unserved', 'bad'],
]);

/**
 * A state as a word with a mark; colour is never all that tells.
 * @param {string} state
 * @param {string} [word]
 */
export const badge = (state, word = plain(state)) =>
  h('span', { class: `badge ${tones.get(state) ?? 'calm'}` }, word);

/**
 * A link to where something can be done, if it is one.
 * @param {string | null} link
 * @param {string} text
 */
export const outward = (link, text) =>
  link !== null &&
  /^https:\/\//.test(link) &&
  h('a', { href: link, target: '_blank', rel: 'noreferrer noopener' }, text);

/** @param {string} text */
const head = (text) => h('th', { scope: 'col' }, text);

/**
 * The head of a column of numbers.
 * @param {string} text
 */
export const numberHead = (text) => h('th', { scope: 'col', class: 'num' }, text);

/**
 * A table that scrolls by itself when it is wider than the page.
 * @param {string} label
 * @param {(string | HTMLElement)[]} heads
 * @param {Node[]} rows
 * @param {string} [kind]
 */
export const table = (label, heads, rows, kind = '') =>
  h(
    'div',
    { class: `scroll ${kind}`, tabindex: '0', role: 'region', 'aria-label': label },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h('tr', {}, ...heads.map((one) => (typeof one === 'string' ? head(one) : one))),
      ),
      h('tbody', {}, ...rows),
    ),
  );

/**
 * @param {string} text
 */
export const empty = (text) => h('p', { class: 'empty' }, text);
