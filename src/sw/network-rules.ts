/** What the user allowed the application to reach. The service worker keeps it; nothing else decides. */
export interface NetworkRules {
  /**
   * While true, nothing that is not stored is asked of any host, the application's own included. Null, which is off,
   * until somebody switches it.
   */
  airGap: boolean | null;
  /** Origins, beside the application's own, that the library worker may fetch models from. */
  modelSources: readonly string[];
}

export const maxModelSources = 20;

/**
 * Hosts that answer with a redirect to others, which a policy has to name too. Hugging Face's hub sends the bytes
 * of large files from storage hosts below hf.co that change from file to file.
 */
const redirectHosts: ReadonlyMap<string, readonly string[]> = new Map([
  ['https://huggingface.co', ['https://*.hf.co']],
]);

/**
 * An origin as a policy may name it: https, or http on this machine (a local mirror). Stricter than the URL
 * parser, which lets a semicolon, a comma and a star into host names: in a policy each of them means something.
 */
export function isModelSource(text: unknown): text is string {
  if (typeof text !== 'string' || !URL.canParse(text)) return false;
  const isPlain = /^(https:\/\/[a-z0-9.-]+|http:\/\/(127\.0\.0\.1|localhost))(:\d+)?$/.test(text);
  return isPlain && new URL(text).origin === text;
}

/** The list without repetitions, or null where an entry is no model source or there are too many. */
export function readModelSources(list: unknown): string[] | null {
  if (!Array.isArray(list) || !list.every(isModelSource)) return null;
  const unique = [...new Set(list)];
  return unique.length <= maxModelSources ? unique : null;
}

/** The sources and the hosts that they redirect to, as a policy names them. */
export function withRedirectHosts(sources: readonly string[]): string[] {
  return sources.flatMap(source => [source, ...(redirectHosts.get(source) ?? [])]);
}

/** Makes rules of whatever was stored. What cannot be read allows nothing. */
export function readNetworkRules(stored: unknown): NetworkRules {
  const { airGap, modelSources } = (stored ?? {}) as Partial<Record<keyof NetworkRules, unknown>>;
  return {
    airGap: airGap === null ? null : airGap !== false,
    modelSources: readModelSources(modelSources) ?? [],
  };
}
