import type {
  CatalogueEntry,
  ErrorCode,
  Message,
  ModelCard,
  SampleImage,
  Settings,
} from '../../client/index.ts';
import { engineVerbs, libraryVerbs, pathTo } from '../../client/index.ts';
import type { Services } from '../services/services.ts';
import { type App, createApp } from '../state/create-app.ts';
import { FakeAirGap } from './fake-air-gap.ts';
import { FakeDocumentReader } from './fake-document-reader.ts';
import { FakeDrafts } from './fake-drafts.ts';
import { FakeEngine } from './fake-engine.ts';
import { FakeImageReader } from './fake-image-reader.ts';
import { FakeLibrary, FakeRecords } from './fake-library.ts';
import { FakeConversations, FakeFeatures, FakeSettings } from './fake-stores.ts';
import { FakeTabs } from './fake-tabs.ts';
import { conversational, demonstration, errorOf, ownModel } from './fixtures.ts';
import { withUnscripted } from './with-unscripted.ts';

/** The world below the page, in memory. */
export class FakeServices implements Services {
  readonly engine = withUnscripted(new FakeEngine(), engineVerbs);
  readonly library = withUnscripted(new FakeLibrary(), libraryVerbs);
  readonly images = new FakeImageReader();
  readonly documents = new FakeDocumentReader();
  readonly records = new FakeRecords();
  readonly engineLock;
  readonly conversations;
  readonly imageFeatures = new FakeFeatures();
  readonly conversationNews;
  readonly settingsNews;
  readonly airGap = new FakeAirGap();
  catalogue: CatalogueEntry[] = [demonstration, conversational, ownModel];
  catalogueFailure: unknown = null;
  cards: Record<string, ModelCard> = {};
  sampleFailure: ErrorCode | null = null;
  readonly allowed: string[] = [];
  readonly saved: { blob: Blob; name: string }[] = [];
  isPersistent = false;
  isAlone = true;
  /** Before another attempt, in milliseconds; none takes any time. */
  readonly pauses: number[] = [];

  /** Another tab of the same browser shares its tabs and its stores. */
  constructor(
    changes: Partial<Settings> = {},
    readonly tabs = new FakeTabs(),
    conversations = new FakeConversations(),
    readonly settings = new FakeSettings(changes),
    readonly draftRecords = new FakeDrafts(),
  ) {
    this.engine.onDelete = id => this.library.deleteFile(id);
    this.engineLock = tabs.openLock();
    this.conversationNews = tabs.openChannel();
    this.settingsNews = tabs.openSettingsChannel();
    this.conversations = conversations;
  }

  async pause(ms: number): Promise<void> {
    this.pauses.push(ms);
  }

  async loadCatalogue(): Promise<CatalogueEntry[]> {
    if (this.catalogueFailure) throw this.catalogueFailure;
    return this.catalogue;
  }

  async loadCard(url: string): Promise<ModelCard> {
    const card = this.cards[url];
    if (!card) throw errorOf('network');
    return card;
  }

  async allowSources(origins: string[]): Promise<boolean> {
    this.allowed.push(...origins);
    return true;
  }

  isOnlyPage = async (): Promise<boolean> => this.isAlone;

  isStoragePersistent = async (): Promise<boolean> => this.isPersistent;

  async persistStorage(): Promise<boolean> {
    this.isPersistent = true;
    return true;
  }

  saveFile(blob: Blob, name: string): void {
    this.saved.push({ blob, name });
  }

  async fetchSample({ name }: SampleImage): Promise<File> {
    if (this.sampleFailure) throw errorOf(this.sampleFailure);
    return new File([name], name, { type: 'image/png' });
  }
}

export interface Started {
  app: App;
  services: FakeServices;
  engine: FakeEngine;
}

/** An app with a model loaded, unless `services` were told otherwise; then it waits for them. */
export async function startApp(services = new FakeServices()): Promise<Started> {
  const app = createApp(services, (from, to) => {
    // Not thrown here: whoever changed the state would catch it.
    queueMicrotask(() => {
      throw new Error(`the engine went from "${from}" to "${to}"`);
    });
  });
  const started = app.start();
  if (services.engine.loadsAtOnce) await started;
  else await flush();
  return { app, services, engine: services.engine };
}

/** Lets everything happen that needs no timer of more than 0 ms. Not for fake timers. */
export function flush(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}

/** The branch that is shown. */
export function shownPath(app: App): Message[] {
  return pathTo(app.chat.getState().tree);
}

/** The last message of the branch that is shown, which has to be there. */
export function lastMessage(app: App): Message {
  const message = shownPath(app).at(-1);
  if (!message) throw new Error('the conversation is empty');
  return message;
}

/** Asks and answers. Returns the answer. */
export async function converse({ app, engine }: Started, question: string, answer: string): Promise<Message> {
  const sent = app.chatController.send(question);
  await flush();
  engine.lastAnswer.write(answer);
  engine.lastAnswer.finish();
  await sent;
  return lastMessage(app);
}

/** A picked image: see `inspectImage` of the engine. */
export function imageFile(name: string): File {
  return new File([name], name, { type: 'image/png' });
}
