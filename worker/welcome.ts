// What stands at the root: a word for people, and one for clients that left `/v1` out.
import type { Context } from 'hono';
import type { App } from './arrival.ts';
import { unknownUrl } from './errors.ts';

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Rondo</title>
<style>
  body { font: 1rem/1.6 system-ui, sans-serif; max-width: 38rem; margin: 12vh auto; padding: 0 1.5rem }
  h1 { font-size: 1.4rem; line-height: 1.3 }
  code { font: .9em ui-monospace, monospace }
  li { margin: .4rem 0 }
</style>
<main>
<h1>This is Rondo, an OpenAI and Anthropic endpoint for Gemini</h1>
<p>It is made for programs. To call it, you need a key from the person who runs it.</p>
<ul>
  <li>OpenAI's clients: set the base URL to this address followed by <code>/v1</code>.</li>
  <li>Anthropic's clients: set the base URL to this address alone.</li>
  <li>Do you run it? Go to <a href="/admin">/admin</a>, which is there once <code>ADMIN_API_KEY</code> is set.</li>
</ul>
</main>
</html>
`;

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-cache',
  vary: 'accept',
};

/** Tells a browser what this is. Others find nothing here. */
export const welcome = (c: Context<App>): Response =>
  /\btext\/html\b/.test(c.req.header('accept') ?? '')
    ? new Response(html, { headers })
    : c.env.refuse(unknownUrl(c.req.method, c.req.path));

/** What clients ask when their base URL lacks `/v1`. */
export const withoutV1 = [
  '/chat/completions',
  '/completions',
  '/responses',
  '/messages',
  '/embeddings',
  '/models',
  '/models/:id{.+}',
  '/images/generations',
  '/images/edits',
  '/audio/speech',
  '/audio/transcriptions',
  '/audio/translations',
] as const;
