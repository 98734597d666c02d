/**
 * A URL that the policy has vouched for. At run time it is an object; script sinks take it where their type
 * says string, and lib.dom does not know the type yet.
 */
export type TrustedScriptURL = string & { readonly trustedScriptUrl: unique symbol };

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): TrustedScriptURL };
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/**
 * What `new Worker` and `serviceWorker.register` need under `require-trusted-types-for 'script'`; the plain
 * string where the browser has no Trusted Types. Throws TypeError for a URL of another origin.
 */
export function trustedScriptUrl(url: string): TrustedScriptURL | string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return requireSameOrigin(url);
  // The header admits this name once a page.
  policy ??= trustedTypes.createPolicy('bedside', { createScriptURL: requireSameOrigin });
  return policy.createScriptURL(url);
}

function requireSameOrigin(url: string): string {
  // blob: and data: URLs carry an origin too, but not a file of ours.
  const { origin, protocol, href } = new URL(url, document.baseURI);
  const isHttp = protocol === 'http:' || protocol === 'https:';
  if (!isHttp || origin !== location.origin) throw new TypeError(`not a script of this site: ${url}`);
  return href;
}
