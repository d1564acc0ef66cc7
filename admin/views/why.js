// For a model: in which order the pool would ask now, and why each other credential is passed over.
import { read } from '../lib/api.js';
import { h, lay } from '../lib/dom.js';
import { moment, plain } from '../lib/format.js';
import { badge, countdown, empty, numberHead, table } from '../lib/parts.js';

/** @typedef {import('../types.d.ts').Pool} Pool */
/** @typedef {import('../types.d.ts').Explained} Explained */
/** @typedef {import('../types.d.ts').Place} Place */

export class WhyView extends HTMLElement {
  #model = '';
  #isSetUp = false;

  /** @param {Pool} pool */
  async load(pool) {
    this.#setUp(pool);
    const place = this.querySelector('.told');
    if (!place) return;
    if (this.#model === '') {
      lay(place, empty('Name a model to see who would serve it.'));
      return;
    }
    /** @type {Explained} */
    const told = await read(`explain?model=${encodeURIComponent(this.#model)}`);
    if (told.asked === this.#model) lay(place, ...explained(told));
  }

  /** @param {Pool} pool */
  #setUp(pool) {
    if (!this.#isSetUp) {
      this.#isSetUp = true;
      this.#model = pool.cooling[0]?.model ?? pool.models[0] ?? '';
      this.append(
        h('h1', {}, 'Why'),
        h(
          'p',
          { class: 'lead' },
          'Who would be asked now, and why the others are passed over. Asking changes nothing.',
        ),
        h(
          'form',
          { class: 'bar' },
          h('label', { for: 'why-model' }, 'Model'),
          h('input', {
            id: 'why-model',
            list: 'why-models',
            value: this.#model,
            autocomplete: 'off',
            spellcheck: 'false',
          }),
          h('datalist', { id: 'why-models' }),
          h('button', { type: 'submit', class: 'primary' }, 'Explain'),
        ),
        h('div', { class: 'told', 'aria-live': 'polite' }),
      );
      this.addEventListener('submit', (event) => {
        event.preventDefault();
        const input = /** @type {HTMLInputElement} */ (this.querySelector('#why-model'));
        this.#model = input.value.trim();
        this.dispatchEvent(new CustomEvent('rondo-poll', { bubbles: true }));
      });
    }
    const list = this.querySelector('datalist');
    if (list) lay(list, ...pool.models.map((value) => h('option', { value })));
  }
}

/**
 * @param {Explained} told
 * @returns {Node[]}
 */
function explained(told) {
  return [
    h('p', { class: 'verdict' }, badge(told.state), ' ', ...sentence(told)),
    table(
      'The order',
      [numberHead('Place'), 'Credential', 'Verdict', 'Reason', 'Free in'],
      told.order.map(row),
    ),
  ];
}

/**
 * @param {Explained} told
 * @returns {(string | Node)[]}
 */
function sentence({ asked, model, state, strategy, order, earliest, fallbacks }) {
  const next = order.find(({ place }) => place === 1);
  const named =
    asked === model ? [] : [h('code', {}, asked), ' means ', h('code', {}, model), '. '];
  const then =
    fallbacks.length > 0 ? [' Then the models ', h('code', {}, fallbacks.join(', ')), '.'] : [];
  if (next)
    return [
      ...named,
      h('strong', {}, next.credential),
      ` is asked next (${plain(strategy)}).`,
      ...then,
    ];
  if (state === 'unserved') return [...named, 'No credential serves this model.', ...then];
  const wait = earliest ? ['The first one is free in ', countdown(earliest), '.'] : [];
  return [...named, 'Nobody can serve it now. ', ...wait, ...then];
}

/** @param {Place} place */
const row = ({ place, credential, verdict, reason, until }) =>
  h(
    'tr',
    { 'data-key': credential },
    h('td', { class: 'num' }, place ?? '–'),
    h('th', { scope: 'row', class: 'name' }, credential),
    h('td', {}, badge(verdict)),
    h('td', { class: 'words' }, plain(reason)),
    h('td', {}, ...(until ? [countdown(until), h('small', {}, moment(until))] : ['–'])),
  );

customElements.define('rondo-why', WhyView);
