export const help = `Usage: npm run rondo -- COMMAND [options]

  init [FILE…]               make a pool of credential files, and keys to call it with
  credentials list           the credentials in .dev.vars
  credentials add FILE       try a credential and add it
  credentials remove ALIAS
  credentials test [ALIAS]   mint a token and make one tiny call with each
  keys add NAME              make a client key; it is shown once
  keys list
  keys revoke NAME
  status [URL]               the pool of a running Rondo as a table
  doctor [URL]               look for what is wrong, and say it
  logs [WORKER]              follow the deployment's requests, one a line

credentials and keys work on .dev.vars. With --deployed they work on the secrets of the
deployment; keys --kv works on keys in its KV, which needs no deploy.

  --deploy                   init: deploy, and set the secrets there
  --deployed, --kv           where credentials and keys lie
  --alias NAME               init, credentials add: what it is called
  --project ID               for a credential that names none
  --model NAME               the model to try (doctor: may be given often)
  --models PATTERN           keys add: only these models (may be given often)
  --expires DATE             keys add: until when it may call, such as 2027-01-31
  --replace-keys             init: make client and admin key anew
  --client-key-file FILE     init --deploy: call with this key (or set RONDO_CLIENT_KEY)
  --admin-key-file FILE      status, doctor: the admin key (or set RONDO_ADMIN_KEY)
  --yes                      ask nothing
  --help

Exit codes: 0 done, 1 something failed, 2 a wrong command, 130 cancelled.
`;

export const initHelp = `Usage: npm run rondo -- init [FILE…] [--deploy] [options]

Without FILE it looks at GOOGLE_APPLICATION_CREDENTIALS and where gcloud keeps a user's credentials.
Each is tried: a token, and one tiny call. Then .dev.vars is written or, with --deploy, the worker
deployed and its secrets set. Run it again after a failure: it goes on from there.

To get a credential, with gcloud and a project of yours:

  gcloud services enable aiplatform.googleapis.com --project=PROJECT
  gcloud iam service-accounts create rondo --project=PROJECT
  gcloud projects add-iam-policy-binding PROJECT --condition=None \\
    --member=serviceAccount:rondo@PROJECT.iam.gserviceaccount.com --role=roles/aiplatform.user
  gcloud iam service-accounts keys create service-account.json \\
    --iam-account=rondo@PROJECT.iam.gserviceaccount.com
  npm run rondo -- init service-account.json

Options: --alias, --project, --model, --replace-keys, --client-key-file, --yes: see --help.
`;
