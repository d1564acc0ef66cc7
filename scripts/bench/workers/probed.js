// Rondo, which tells besides how much memory its module has taken: a module's memory never shrinks.
import rondo from './rondo.js';

export * from './rondo.js';

const { Instance } = WebAssembly;
let memory;

// Rondo makes its instance with the first request.
WebAssembly.Instance = class extends Instance {
  constructor(...given) {
    super(...given);
    memory = this.exports.memory;
  }
};

export default {
  fetch(request, env, context) {
    const isAsked = new URL(request.url).pathname === '/bench/memory';
    if (isAsked) return new Response(String(memory.buffer.byteLength));
    return rondo.fetch(request, env, context);
  },
};
