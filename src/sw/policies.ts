import { type NetworkRules, withRedirectHosts } from './network-rules.ts';
import headers from './security-headers.json' with { type: 'json' };

type Directives = Readonly<Record<string, string>>;

interface ScriptPolicy {
  /** The names that the build gives the script, hash included. */
  file: RegExp;
  /** Directives that differ from the page's policy. */
  directives(rules: NetworkRules): Directives;
}

/**
 * The one table of who may connect where. Everything that is not in it (the page, any other script) has the policy
 * of security-headers.json: its own origin and no other. A script cannot borrow the policy of another: a worker
 * starts no worker.
 */
const scriptPolicies: readonly ScriptPolicy[] = [
  {
    // Sees questions and images, and needs no network at all.
    file: /\/engine\.worker-[\w-]+\.js$/,
    directives: () => ({ 'connect-src': "'none'", 'worker-src': "'none'" }),
  },
  {
    // Fetches models, and sees nothing else.
    file: /\/library\.worker-[\w-]+\.js$/,
    directives: ({ airGap, modelSources }) => ({
      'connect-src': ["'self'", ...(airGap ? [] : withRedirectHosts(modelSources))].join(' '),
      'worker-src': "'none'",
    }),
  },
];

/** The Content-Security-Policy of the file at `path`. */
export function policyFor(path: string, rules: NetworkRules): string {
  const special = scriptPolicies.find(({ file }) => file.test(path));
  return withDirectives(headers['Content-Security-Policy'], special?.directives(rules) ?? {});
}

function withDirectives(policy: string, changes: Directives): string {
  const directives = policy.split('; ').map(directive => {
    const [name = ''] = directive.split(' ', 1);
    return name in changes ? `${name} ${changes[name]}` : directive;
  });
  return directives.join('; ');
}
