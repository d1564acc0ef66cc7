type Vars = Readonly<NodeJS.Dict<string>>;

const isSet = (vars: Vars, pattern: RegExp): boolean =>
  Object.entries(vars).some(([name, value]) => pattern.test(name) && value?.trim());

/** Whether these variables hold no credential at all. */
export const needsGoogleStub = (vars: Vars): boolean =>
  !isSet(vars, /^GCP_SERVICE_ACCOUNT(S|_\d+)?$/);

/** Whether these variables make no operator. */
export const needsAdminKey = (vars: Vars): boolean => !isSet(vars, /^ADMIN_API_KEY$/);

/** Whether these variables let nobody in. */
export const needsClientKey = (vars: Vars): boolean =>
  !isSet(vars, /^(CLIENT_API_KEYS|OPENAI_API_KEY)$/) && vars.ALLOW_ANONYMOUS !== 'true';
