/** In the place of `cloudflare:workers`, where an object is made in Node. */
export class DurableObject {
  ctx: unknown;

  constructor(ctx: unknown) {
    this.ctx = ctx;
  }
}
