import compute from './compute-policy.json' with { type: 'json' };
import { type NetworkRules, withRedirectHosts } from './network-rules.ts';
import headers from './security-headers.json' with { type: 'json' };

type Directives = Readonly<Record<string, string>>;

const page = headers['Content-Security-Policy'];

interface ScriptPolicy {
  /** The names that the build gives the script, hash included. */
  file: RegExp;
  policy(rules: NetworkRules): string;
}

/**
 * The one table of who may connect where, and who may compile WebAssembly. Everything that is not in it (the page, any other
 * script) has the policy of security-headers.json: its own origin and no other, and nothing compiled. A script cannot borrow the
 * policy of another: a worker starts no worker.
 */
const scriptPolicies: readonly ScriptPolicy[] = [
  {
    // See questions and images, or weights, compute on the processor, and need no network at all. Hosts and the development server read
    // the same file.
    file: new RegExp(compute.file),
    policy: () => compute['Content-Security-Policy'],
  },
  {
    // Read images and texts of the reader's own, and need no network at all.
    file: /\/(?:reading|documents)\.worker-[\w-]+\.js$/,
    policy: () => withDirectives(page, { 'connect-src': "'none'", 'worker-src': "'none'" }),
  },
  {
    // Fetches models, and sees nothing else.
    file: /\/library\.worker-[\w-]+\.js$/,
    policy: ({ airGap, modelSources }) =>
      withDirectives(page, {
        'connect-src': ["'self'", ...(airGap ? [] : withRedirectHosts(modelSources))].join(' '),
        'worker-src': "'none'",
      }),
  },
];

/** The Content-Security-Policy of the file at `path`. */
export function policyFor(path: string, rules: NetworkRules): string {
  return scriptPolicies.find(({ file }) => file.test(path))?.policy(rules) ?? page;
}

function withDirectives(policy: string, changes: Directives): string {
  const directives = policy.split('; ').map(directive => {
    const [name = ''] = directive.split(' ', 1);
    return name in changes ? `${name} ${changes[name]}` : directive;
  });
  return directives.join('; ');
}
