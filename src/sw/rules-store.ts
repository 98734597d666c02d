import { type NetworkRules, readNetworkRules } from './network-rules.ts';

/** Before anybody chose anything. */
const initialRules: NetworkRules = { airGap: null, modelSources: [] };

/**
 * The network rules of one scope. They lie in a cache of their own: the service worker cannot work without Cache
 * Storage anyway, so this adds nothing that can fail, and they go when the browser drops the site's storage.
 */
export class RulesStore {
  readonly #cacheName: string;
  readonly #key: string;
  #loaded: Promise<NetworkRules> | undefined;
  #changes: Promise<unknown> = Promise.resolve();
  /** Undefined until `load` has settled: a fetch event has to be decided on before anything can be awaited. */
  current: NetworkRules | undefined;

  /** `scope` is the registration's absolute URL. */
  constructor(scope: string) {
    this.#cacheName = `bedside-network ${new URL(scope).pathname}`;
    this.#key = new URL('network-rules', scope).href;
  }

  load(): Promise<NetworkRules> {
    this.#loaded ??= this.#read().then(
      rules => {
        this.current ??= rules;
        return rules;
      },
      error => {
        this.#loaded = undefined;
        throw error;
      },
    );
    return this.#loaded.then(rules => this.current ?? rules);
  }

  /** Another service worker may have changed them since they were read. */
  reload(): Promise<NetworkRules> {
    this.#loaded = this.current = undefined;
    return this.load();
  }

  /** Resolves when stored. The air gap closes before that and opens after it. */
  change(changes: Partial<NetworkRules>): Promise<void> {
    const changed = this.#changes.then(async () => {
      const rules = { ...(await this.load()), ...changes };
      if (changes.airGap === true) this.current = rules;
      const cache = await caches.open(this.#cacheName);
      await cache.put(this.#key, Response.json(rules));
      this.current = rules;
    });
    this.#changes = changed.catch(() => undefined);
    return changed;
  }

  async #read(): Promise<NetworkRules> {
    const stored = await caches.match(this.#key, { cacheName: this.#cacheName });
    if (!stored) return initialRules;
    return readNetworkRules(await stored.json().catch(() => undefined));
  }
}
