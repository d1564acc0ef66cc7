// A chat to try a model, through the pool or through one credential alone.
import { ask, Refusal } from '../lib/api.js';
import { h, lay } from '../lib/dom.js';
import { duration } from '../lib/format.js';
import { eventsOf } from '../lib/sse.js';

/** @typedef {import('../types.d.ts').Pool} Pool */
/** @typedef {{ role: 'user' | 'assistant', content: string, note?: string, fault?: string }} Turn */

export class ChatView extends HTMLElement {
  /** @type {Turn[]} */
  #turns = [];
  /** @type {AbortController | undefined} */
  #running;
  #isSetUp = false;

  /** @param {Pool} pool */
  async load(pool) {
    if (!this.#isSetUp) this.#setUp(pool);
    const choice = this.querySelector('#chat-credential');
    if (choice) {
      lay(
        choice,
        h('option', { value: '' }, "The pool's choice"),
        ...pool.credentials.map(({ id, alias }) => h('option', { value: id }, alias)),
      );
    }
    const models = this.querySelector('#chat-models');
    if (models) lay(models, ...pool.models.map((value) => h('option', { value })));
  }

  /** @param {Pool} pool */
  #setUp(pool) {
    this.#isSetUp = true;
    this.append(
      h('h1', {}, 'Chat'),
      h('p', { class: 'lead' }, 'Try a model. Nothing of it is kept once the tab is closed.'),
      h(
        'form',
        {},
        h(
          'div',
          { class: 'bar' },
          h(
            'div',
            { class: 'field' },
            h('label', { for: 'chat-model' }, 'Model'),
            h('input', {
              id: 'chat-model',
              list: 'chat-models',
              required: true,
              value: modelFor(pool),
              autocomplete: 'off',
              spellcheck: 'false',
            }),
            h('datalist', { id: 'chat-models' }),
          ),
          h(
            'div',
            { class: 'field' },
            h('label', { for: 'chat-credential' }, 'Credential'),
            h('select', { id: 'chat-credential' }),
          ),
        ),
        h('div', { class: 'transcript', role: 'log', 'aria-label': 'Conversation', tabindex: '0' }),
        h('label', { for: 'chat-text' }, 'Message'),
        h('textarea', { id: 'chat-text', rows: 3, required: true }),
        h(
          'div',
          { class: 'actions' },
          h('button', { type: 'submit', class: 'primary' }, 'Send'),
          h('button', { type: 'button', 'data-chat': 'stop', disabled: true }, 'Stop'),
          h('button', { type: 'button', 'data-chat': 'clear' }, 'Start over'),
        ),
      ),
    );
    this.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send();
    });
    this.addEventListener('click', (event) => this.#onClick(event));
    this.addEventListener('keydown', (event) => {
      const isSend = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
      if (isSend) this.querySelector('form')?.requestSubmit();
    });
    this.#show();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const pressed = event.target instanceof HTMLElement ? event.target.dataset.chat : undefined;
    if (pressed === 'stop' || pressed === 'clear') this.#running?.abort();
    if (pressed !== 'clear') return;
    this.#turns = [];
    this.#show();
  }

  async #send() {
    const text = /** @type {HTMLTextAreaElement} */ (this.querySelector('#chat-text'));
    if (this.#running || text.value.trim() === '') return;
    this.#turns.push({ role: 'user', content: text.value });
    text.value = '';
    /** @type {Turn} */
    const turn = { role: 'assistant', content: '' };
    const messages = this.#turns
      .filter(({ content }) => content !== '')
      .map(({ role, content }) => ({ role, content }));
    this.#turns.push(turn);
    this.#running = new AbortController();
    this.#show();
    try {
      await this.#stream(turn, messages, this.#running.signal);
    } catch (error) {
      turn.fault = faultOf(error);
    }
    this.#running = undefined;
    this.#show();
    text.focus();
  }

  /**
   * @param {Turn} turn
   * @param {object[]} messages
   * @param {AbortSignal} signal
   */
  async #stream(turn, messages, signal) {
    const began = performance.now();
    const answer = await ask(this.#path(), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: this.#value('#chat-model'), messages, stream: true }),
      signal,
    });
    const who = answer.headers.get('x-rondo-credential');
    let first = 0;
    for await (const data of eventsOf(/** @type {NonNullable<Response['body']>} */ (answer.body))) {
      if (data === '[DONE]') break;
      const { choices, error } = JSON.parse(data);
      if (error) throw new Error(error.message);
      const added = choices?.[0]?.delta?.content ?? '';
      if (added !== '' && first === 0) first = performance.now() - began;
      turn.content += added;
      this.#show();
    }
    turn.note = [
      who,
      `first word ${duration(first)}`,
      `whole ${duration(performance.now() - began)}`,
    ]
      .filter(Boolean)
      .join(' · ');
  }

  #path() {
    const id = this.#value('#chat-credential');
    return id === '' ? 'chat' : `credentials/${id}/chat`;
  }

  /** @param {string} selector */
  #value(selector) {
    return /** @type {HTMLInputElement} */ (this.querySelector(selector)).value.trim();
  }

  #show() {
    const place = this.querySelector('.transcript');
    if (!place) return;
    lay(place, ...this.#turns.map(shown));
    place.classList.toggle('empty', this.#turns.length === 0);
    place.setAttribute('aria-busy', String(this.#running !== undefined));
    place.scrollTop = place.scrollHeight;
    const isRunning = this.#running !== undefined;
    this.querySelector('[data-chat=stop]')?.toggleAttribute('disabled', !isRunning);
    this.querySelector('[type=submit]')?.toggleAttribute('disabled', isRunning);
  }
}

/** What models that are for something else than a chat have in their names. */
const otherUses = /embedding|image|banana|tts|audio|live|transcri|translat/;

/** @param {Pool} pool */
const modelFor = ({ models }) => models.find((model) => !otherUses.test(model)) ?? '';

/** @param {Turn} turn */
const shown = ({ role, content, note, fault }) =>
  h(
    'div',
    { class: `turn ${role}` },
    h('span', { class: 'role' }, role === 'user' ? 'You' : 'Model'),
    h('p', {}, content || (fault ? '' : '…')),
    fault && h('p', { class: 'fault' }, fault),
    note && h('p', { class: 'sub' }, note),
  );

/** @param {unknown} error */
function faultOf(error) {
  if (error instanceof DOMException && error.name === 'AbortError') return 'Stopped.';
  if (error instanceof Refusal && error.waitMs)
    return `${error.message} (wait ${duration(error.waitMs)})`;
  return error instanceof Error ? error.message : String(error);
}

customElements.define('rondo-chat', ChatView);
