import { ask, key, Refusal, read } from './lib/api.js';
import { h, lay } from './lib/dom.js';
import { learnTime, span } from './lib/format.js';
import { tick } from './lib/parts.js';
import { Poller } from './lib/poller.js';
import { isDark, restoreTheme, toggleTheme } from './lib/theme.js';
import { changesOf, headline } from './lib/verdict.js';
import { ChatView } from './views/chat.js';
import { PoolView } from './views/pool.js';
import { RequestsView } from './views/requests.js';
import { SettingsView } from './views/settings.js';
import { TrafficView } from './views/traffic.js';
import { WhyView } from './views/why.js';

/** @typedef {import('./types.d.ts').Pool} Pool */
/** @typedef {import('./lib/poller.js').Health} Health */
/** @typedef {HTMLElement & { load(pool: Pool): Promise<void> }} View */

/** @type {readonly (readonly [id: string, title: string, make: () => View])[]} */
const views = [
  ['pool', 'Pool', () => new PoolView()],
  ['why', 'Why', () => new WhyView()],
  ['traffic', 'Traffic', () => new TrafficView()],
  ['requests', 'Requests', () => new RequestsView()],
  ['chat', 'Chat', () => new ChatView()],
  ['settings', 'Settings', () => new SettingsView()],
];

class RondoAdmin extends HTMLElement {
  /** @type {Map<string, View>} */
  #views = new Map();
  /** @type {Pool | undefined} */
  #pool;
  /** @type {Health} */
  #health = { state: 'asking' };
  #poller = new Poller(
    () => this.#poll(),
    (health) => {
      this.#health = health;
      this.#showHealth();
    },
  );

  connectedCallback() {
    restoreTheme();
    this.addEventListener('click', (event) => this.#onClick(event));
    this.addEventListener('submit', (event) => this.#onSubmit(event));
    this.addEventListener('rondo-poll', () => void this.#poller.now());
    this.addEventListener('rondo-say', (event) =>
      this.#say(/** @type {CustomEvent<string>} */ (event).detail),
    );
    addEventListener('hashchange', () => this.#turn());
    document.addEventListener('rondo-theme', () => this.#showTheme());
    setInterval(() => {
      tick(this);
      if (this.#health.state === 'failing') this.#showHealth();
    }, 1000);
    if (key.get()) this.#open();
    else this.#showSignIn();
  }

  // --- Signing in ---------------------------------------------------------------------------------

  /** @param {string} [fault] */
  #showSignIn(fault) {
    document.title = 'Rondo · sign in';
    this.replaceChildren(
      h(
        'main',
        { class: 'signin' },
        h('h1', {}, wordmark(), 'Rondo'),
        h('p', {}, 'Sign in to see the pool: who serves, who rests and why.'),
        h(
          'form',
          { 'data-form': 'signin' },
          h('label', { for: 'key' }, 'Admin key'),
          h('input', {
            id: 'key',
            type: 'password',
            required: true,
            autocomplete: 'current-password',
            'aria-describedby': 'key-note key-fault',
            'aria-invalid': fault ? 'true' : null,
          }),
          h('p', { class: 'fault', id: 'key-fault', role: 'alert' }, fault),
          h('button', { type: 'submit', class: 'primary' }, 'Sign in'),
        ),
        h(
          'p',
          { class: 'note', id: 'key-note' },
          'The value of ',
          h('code', {}, 'ADMIN_API_KEY'),
          '. It stays in this tab and is forgotten when the tab closes.',
        ),
      ),
    );
    /** @type {HTMLInputElement | null} */ (this.querySelector('#key'))?.focus();
  }

  /** @param {Event} event */
  async #onSubmit(event) {
    const form = /** @type {HTMLElement} */ (event.target);
    if (form.dataset.form !== 'signin') return;
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (form.querySelector('#key'));
    key.set(input.value.trim());
    try {
      await ask('pool');
      this.#open();
    } catch (error) {
      key.clear();
      this.#showSignIn(faultOf(error));
    }
  }

  /** @param {string} [fault] */
  #signOut(fault) {
    this.#poller.stop();
    key.clear();
    this.#views.clear();
    this.#pool = undefined;
    this.#showSignIn(fault);
  }

  // --- The page -----------------------------------------------------------------------------------

  #open() {
    this.replaceChildren(
      h('a', { href: '#main', class: 'skip', 'data-action': 'skip' }, 'Skip to content'),
      h(
        'header',
        { class: 'top' },
        h('div', { class: 'brand' }, wordmark(), h('span', {}, 'Rondo')),
        h('p', { class: 'headline', id: 'headline' }),
        h(
          'div',
          { class: 'tools' },
          h('span', { class: 'health', id: 'health', role: 'status' }),
          h('button', { type: 'button', class: 'quiet', 'data-action': 'theme' }),
          h('button', { type: 'button', class: 'quiet', 'data-action': 'signout' }, 'Sign out'),
        ),
      ),
      h(
        'nav',
        { 'aria-label': 'Sections' },
        ...views.map(([id, title]) => h('a', { href: `#${id}` }, title)),
      ),
      h('main', { id: 'main', tabindex: '-1' }),
      h('p', { class: 'unseen', id: 'news', 'aria-live': 'polite' }),
    );
    this.#showTheme();
    this.#turn();
    this.#poller.start();
  }

  #current() {
    const id = location.hash.slice(1).split('?')[0];
    return views.find(([name]) => name === id) ?? views[0];
  }

  /** Shows the section that the address names. */
  #turn() {
    const main = this.querySelector('#main');
    const view = this.#current();
    if (!main || !view) return;
    const [id, title, make] = view;
    document.title = `Rondo · ${title}`;
    for (const link of this.querySelectorAll('nav a')) {
      const isHere = link.getAttribute('href') === `#${id}`;
      if (isHere) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    const known = this.#views.get(id) ?? make();
    this.#views.set(id, known);
    main.replaceChildren(known);
    void this.#poller.now();
  }

  async #poll() {
    try {
      /** @type {Pool} */
      const pool = await read('pool');
      learnTime(pool.now);
      this.#show(pool);
      const id = this.#current()?.[0] ?? '';
      await this.#views.get(id)?.load(pool);
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) this.#signOut(faultOf(error));
      else throw error;
    }
  }

  /** @param {Pool} pool */
  #show(pool) {
    const line = this.querySelector('#headline');
    if (line) lay(line, ...headline(pool));
    const news = this.#pool ? changesOf(this.#pool, pool) : [];
    this.#pool = pool;
    if (news.length > 0) this.#say(news.join(' '));
  }

  /** @param {string} text */
  #say(text) {
    const news = this.querySelector('#news');
    if (news) news.textContent = text;
  }

  #showHealth() {
    const place = this.querySelector('#health');
    if (!place) return;
    const health = this.#health;
    place.className = `health ${health.state}`;
    const text =
      health.state === 'failing'
        ? `${health.message} Next try in ${span(health.nextAt - Date.now())}.`
        : { live: 'Live', paused: 'Paused', asking: 'Loading' }[health.state];
    if (place.textContent !== text) place.textContent = text;
  }

  #showTheme() {
    const button = this.querySelector('[data-action=theme]');
    if (button) button.textContent = isDark() ? 'Light' : 'Dark';
    button?.setAttribute('aria-label', `Use ${isDark() ? 'light' : 'dark'} colours`);
  }

  /** @param {Event} event */
  #onClick(event) {
    const target = event.target instanceof Element ? event.target.closest('[data-action]') : null;
    const action = target?.getAttribute('data-action');
    if (action === 'theme') toggleTheme();
    if (action === 'signout') this.#signOut();
    if (action === 'skip') {
      event.preventDefault();
      /** @type {HTMLElement | null} */ (this.querySelector('#main'))?.focus();
    }
  }
}

/** @param {unknown} error */
function faultOf(error) {
  if (!(error instanceof Refusal)) return String(error);
  if (error.status === 401) return 'That is not the admin key.';
  if (error.status === 404) return 'There is no admin key set here.';
  return error.waitMs ? `${error.message} (${span(error.waitMs)})` : error.message;
}

function wordmark() {
  return h('img', { src: '/admin/icon.svg', alt: '', width: 22, height: 22 });
}

customElements.define('rondo-admin', RondoAdmin);
