import type { Account } from './accounts.ts';

export interface Addresses {
  readonly url: string;
  readonly oauthClient: { readonly id: string; readonly secret: string };
}

/** The worker's variables that point it at the stub and give it these credentials. */
export function credentialVars(
  { url, oauthClient }: Addresses,
  accounts: readonly Account[],
): Record<string, string> {
  const vars: Record<string, string> = {
    VERTEX_BASE_URL: url,
    GEMINI_BASE_URL: url,
    OAUTH_TOKEN_URL: `${url}/token`,
  };
  for (const [index, account] of accounts.entries()) {
    vars[`GCP_SERVICE_ACCOUNT_${index + 1}`] = account.secret;
  }
  const tokens = accounts.find(({ kind }) => kind === 'oauth_tokens');
  if (!tokens) return vars;
  // gemini-cli's files name neither a client nor a project.
  vars.OAUTH_CLIENT_ID = oauthClient.id;
  vars.OAUTH_CLIENT_SECRET = oauthClient.secret;
  if (tokens.json?.project_id === undefined) vars.GOOGLE_CLOUD_PROJECT = tokens.project;
  return vars;
}
