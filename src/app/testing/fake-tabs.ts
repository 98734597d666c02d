import type { ConversationNews, EngineLock } from '../../client/index.ts';

/** One browser with several tabs: who has the GPU, and what they tell each other. */
export class FakeTabs {
  readonly #locks: FakeEngineLock[] = [];
  readonly #channels: FakeChannel<ConversationNews>[] = [];
  readonly #settingsChannels: FakeChannel<void>[] = [];
  owner: FakeEngineLock | null = null;

  openLock(): FakeEngineLock {
    const lock = new FakeEngineLock(this);
    this.#locks.push(lock);
    return lock;
  }

  openChannel(): FakeChannel<ConversationNews> {
    return new FakeChannel(this.#channels);
  }

  openSettingsChannel(): FakeChannel<void> {
    return new FakeChannel(this.#settingsChannels);
  }

  /** As the browser does with the lock of a tab that closes: whoever waits gets it. */
  free(lock: FakeEngineLock): void {
    if (this.owner !== lock) return;
    this.owner = null;
    this.#locks.find(({ isWaiting }) => isWaiting)?.grant();
  }
}

class FakeEngineLock implements EngineLock {
  readonly #tabs: FakeTabs;
  #letGo: () => Promise<void> = async () => undefined;
  #grant: (() => void) | null = null;

  constructor(tabs: FakeTabs) {
    this.#tabs = tabs;
  }

  get isHeld(): boolean {
    return this.#tabs.owner === this;
  }

  get isWaiting(): boolean {
    return this.#grant !== null;
  }

  grant(): void {
    this.#tabs.owner = this;
    this.#grant?.();
  }

  async tryAcquire(): Promise<boolean> {
    this.#tabs.owner ??= this;
    return this.isHeld;
  }

  waitFor(signal: AbortSignal): Promise<boolean> {
    if (!this.#tabs.owner) this.#tabs.owner = this;
    if (this.isHeld) return Promise.resolve(true);
    return new Promise(resolve => {
      const settle = (isHeld: boolean) => {
        this.#grant = null;
        resolve(isHeld);
      };
      this.#grant = () => settle(true);
      signal.addEventListener('abort', () => settle(false), { once: true });
    });
  }

  async takeOver(): Promise<void> {
    const { owner } = this.#tabs;
    if (owner && owner !== this) await owner.#letGo();
    this.#tabs.owner = this;
  }

  release(): void {
    this.#tabs.free(this);
  }

  onTaken(letGo: () => Promise<void>): void {
    this.#letGo = letGo;
  }

  /** Another tab took the GPU without an answer from this one. */
  async beRobbed(): Promise<void> {
    this.#tabs.owner = null;
    await this.#letGo();
  }
}

class FakeChannel<News> {
  readonly #all: FakeChannel<News>[];
  #hear: (news: News) => void = () => undefined;

  constructor(all: FakeChannel<News>[]) {
    this.#all = all;
    all.push(this);
  }

  tell(news: News): void {
    for (const other of this.#all) if (other !== this) other.#hear(news);
  }

  listen(hear: (news: News) => void): void {
    this.#hear = hear;
  }
}
