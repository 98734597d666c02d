import type { ConversationTree, ImageReader, QuestionMeasure } from '../../client/index.ts';
import type { Services } from '../services/services.ts';
import { AnswerRunner } from './chat/answer-runner.ts';
import type { AnswerParts } from './chat/asked-again.ts';
import { ChatController } from './chat/chat-controller.ts';
import { PromptViewer } from './chat/prompt-viewer.ts';
import { Reproducer } from './chat/reproducer.ts';
import { type ChatStore, createChatStore } from './conversation/chat-store.ts';
import {
  ConversationListController,
  type ConversationListStore,
  createConversationListStore,
} from './conversation/conversation-list-controller.ts';
import { exportConversations } from './conversation/export-conversations.ts';
import { StoredRecords } from './conversation/stored-records.ts';
import { AttachmentsController } from './drafts/attachments-controller.ts';
import { DraftKeeper } from './drafts/draft-keeper.ts';
import {
  createDraftStore,
  type DraftStore,
  followShownDraft,
  type ShownDraftStore,
} from './drafts/draft-store.ts';
import { createFormStore, type FormStore } from './drafts/form-store.ts';
import type { FileListing } from './images/file-listing.ts';
import { ImageCache } from './images/image-cache.ts';
import { ShownPictures } from './images/shown-pictures.ts';
import { LibraryAdditions } from './library/library-additions.ts';
import { LibraryController } from './library/library-controller.ts';
import { createLibraryStore, type LibraryStore } from './library/library-store.ts';
import { OfferController } from './library/offer-controller.ts';
import { createOfferStore, type OfferStore } from './library/offer-store.ts';
import { type EngineLife, followLife, type LifeStore } from './life/engine-life.ts';
import { recoverWhenIdle } from './life/idle-loss.ts';
import { releaseWhenIdle } from './life/idle-release.ts';
import { askingOf } from './model/asked-with.ts';
import { DeviceTest } from './model/device-test.ts';
import { ModelController } from './model/model-controller.ts';
import { ModelLoader } from './model/model-loader.ts';
import { ModelRecovery } from './model/model-recovery.ts';
import { createModelStore, type ModelStore } from './model/model-store.ts';
import { ModelSuspension } from './model/model-suspension.ts';
import { openFiles, openFolder } from './open-files.ts';
import { createUiStore, type UiStore } from './page/ui-store.ts';
import { openSampleStudy } from './sample-study.ts';
import { createStorageStore, StorageDebts, type StorageStore } from './saving/storage-debts.ts';
import { AirGapController, type AirGapStore, createAirGapStore } from './settings/air-gap-controller.ts';
import {
  createSettingsState,
  SettingsController,
  type SettingsStateStore,
} from './settings/settings-controller.ts';
import { listenToTabs } from './tabs.ts';

/** The page's state and what acts on it. Components read the stores and call the controllers. */
export interface App {
  chat: ChatStore;
  models: ModelStore;
  /** What the engine is doing, as one state. */
  life: LifeStore;
  /** The conversations of this browser. */
  conversationList: ConversationListStore;
  /** How they are kept: pinned, tagged, archived, in the bin. */
  listController: Pick<
    ConversationListController,
    'file' | 'listBin' | 'restore' | 'deleteForGood' | 'emptyBin' | 'save'
  >;
  /** Whether the browser stores what it is asked to. */
  storage: StorageStore;
  /** Files of models on this device. */
  library: LibraryStore;
  settings: SettingsStateStore;
  ui: UiStore;
  airGap: AirGapStore;
  /** What was prepared and not sent, by conversation. */
  drafts: DraftStore;
  shownDraft: ShownDraftStore;
  /** Templates that were filled in and not used. */
  forms: FormStore;
  /** Stores them and brings them back. */
  draftKeeper: DraftKeeper;
  /** The images of conversations. */
  imageCache: ImageCache;
  /** What is shown of images, wherever a browser cannot show the file itself. */
  pictures: ShownPictures;
  attachmentsController: AttachmentsController;
  chatController: ChatController;
  debts: StorageDebts;
  /** Conversations as far as the browser has refused to store them. */
  listUnsaved(): ConversationTree[];
  /** Gives out all conversations as a file; resolves with what came of it, in words. */
  exportConversations(): Promise<string>;
  /** Conversations as they are stored, to be given out and taken in. */
  storedRecords: StoredRecords;
  /** Offers a file to be saved where the reader keeps files. */
  saveFile: Services['saveFile'];
  modelController: ModelController;
  libraryController: LibraryController;
  libraryAdditions: LibraryAdditions;
  /** A model that is shown for what it is, before it is used or kept. */
  offers: OfferStore;
  offerController: OfferController;
  promptViewer: PromptViewer;
  /** What answers were made of, and whether they can be computed again. */
  reproducer: Reproducer;
  /** For what asks about answers that are there, which is fetched late. */
  answerParts: AnswerParts;
  modelRecovery: ModelRecovery;
  modelSuspension: ModelSuspension;
  settingsController: SettingsController;
  airGapController: AirGapController;
  deviceTest: DeviceTest;
  /** What is known of a model. Rejects with 'network' or 'internal'. */
  loadCard: Services['loadCard'];
  /** Whether no other tab has the page open. */
  isOnlyPage: Services['isOnlyPage'];
  /** How long a question is for the model that is loaded; null without one, or where it cannot be told. */
  measureQuestion(text: string): Promise<QuestionMeasure | null>;
  /** Images and texts go beside the question, models are shown for what they are. */
  openFiles(files: readonly File[]): Promise<void>;
  /** What lay in folders: a study, or a model. */
  openFolder(files: FileListing): Promise<void>;
  /** The synthetic study that comes with the site. */
  openSampleStudy(): Promise<void>;
  /** Image files, for those who look at them. */
  images: ImageReader;
  /** Stores what is written of an answer, and what was not sent, at once: the page may go away. */
  savePartial(): Promise<void>;
  /** The page was hidden or shown. */
  noteVisibility(): void;
  /** Reads what is stored; once `confined` settles, finds the GPU and loads a model. */
  start(confined?: Promise<unknown>): Promise<void>;
}

/** `onForbidden`: the engine went from one state to another in a way that should not be possible. */
export function createApp(
  services: Services,
  onForbidden: (from: EngineLife, to: EngineLife) => void = reportForbidden,
): App {
  const chat = createChatStore();
  const models = createModelStore();
  const conversationListStore = createConversationListStore();
  const settingsStore = createSettingsState();
  const ui = createUiStore();
  const airGapStore = createAirGapStore();
  const storage = createStorageStore();
  const debts = new StorageDebts(storage, () => {
    ui.getState().showToast('Storage works again: what had waited is stored.');
  });
  const settings = new SettingsController(services, settingsStore, debts);
  const loader = new ModelLoader(services, models, settings, ui);
  const noteStored = () => void libraryController.refresh();
  const model = new ModelController(services, models, loader, settings, ui, noteStored);
  const suspension = new ModelSuspension(services, models, loader, ui);
  const recovery = new ModelRecovery(services, models, loader, suspension, settings);
  const airGap = new AirGapController(services, airGapStore, settings, ui);
  const conversationList = new ConversationListController(services, conversationListStore, debts, ui);
  const library = createLibraryStore();
  const libraryController = new LibraryController(services, library, models, airGapStore, ui);
  const additions = new LibraryAdditions(services, libraryController, library, models, ui, settings);
  const offers = createOfferStore();
  const offerController = new OfferController({
    services,
    store: offers,
    models,
    model,
    library: libraryController,
    additions,
    settings,
    ui,
  });
  const { engine } = services;
  const drafts = createDraftStore();
  const forms = createFormStore();
  const imageCache = new ImageCache(services, debts);
  const attachments = new AttachmentsController({
    engine,
    drafts,
    chat,
    models,
    model,
    settings: settingsStore,
    ui,
  });
  const draftKeeper = new DraftKeeper({ services, chat, drafts, attachments, debts });
  const runner = new AnswerRunner({
    engine,
    chat,
    models,
    ui,
    conversationList,
    model,
    recovery,
    suspension,
    settings,
    imageCache,
  });
  const answerParts = { services, chat, models, imageCache, conversationList, settings };
  const fetchSample = services.fetchSample.bind(services);
  const chatController = new ChatController({
    chat,
    conversationList,
    runner,
    attachments,
    drafts,
    draftKeeper,
    forms,
    imageCache,
    ui,
    fetchSample,
  });
  recoverWhenIdle({ engine, chat, runner, recovery });
  listenToTabs({ services, runner, suspension, chat: chatController, draftKeeper });
  const noteVisibility = releaseWhenIdle({
    models,
    chat,
    settings: settingsStore,
    rest: () => suspension.rest(),
    isHidden: () => document.visibilityState === 'hidden',
  });
  const takers = { documents: services.documents, chat, drafts, attachments, offers: offerController, ui };
  return {
    chat,
    models,
    life: followLife(models, chat, onForbidden),
    conversationList: conversationListStore,
    listController: conversationList,
    storage,
    debts,
    listUnsaved: () => conversationList.listUnsaved(),
    exportConversations: () => exportConversations(services, conversationList.listUnsaved()),
    storedRecords: new StoredRecords({ services, list: conversationList, imageCache }),
    saveFile: (blob, name) => services.saveFile(blob, name),
    library,
    settings: settingsStore,
    ui,
    airGap: airGapStore,
    drafts,
    forms,
    draftKeeper,
    shownDraft: followShownDraft(chat, drafts),
    imageCache,
    pictures: new ShownPictures(engine),
    attachmentsController: attachments,
    chatController,
    modelController: model,
    libraryController,
    libraryAdditions: additions,
    offers,
    offerController,
    promptViewer: new PromptViewer({ engine, chat, drafts, models, settings, imageCache }),
    reproducer: new Reproducer(answerParts),
    answerParts,
    modelRecovery: recovery,
    modelSuspension: suspension,
    settingsController: settings,
    airGapController: airGap,
    deviceTest: new DeviceTest(engine),
    loadCard: url => services.loadCard(url),
    isOnlyPage: () => services.isOnlyPage(),
    async measureQuestion(text) {
      const { entry } = models.getState();
      if (!entry) return null;
      const { template, system } = askingOf(entry, settings.current.askedAs[entry.id]);
      if (template === null) return null;
      // Only a word in advance: what is wrong with the worker, the question itself tells.
      return engine
        .measureQuestion({ template, ...(system === undefined ? {} : { system }), text })
        .catch(() => null);
    },
    openFiles: files => openFiles(files, takers),
    openFolder: files => openFolder(files, takers),
    openSampleStudy: () => openSampleStudy(services, ui),
    images: services.images,
    async savePartial() {
      await Promise.all([runner.savePartial(), draftKeeper.flush()]);
    },
    noteVisibility,
    async start(confined) {
      await Promise.all([settings.load(), conversationList.refresh(), draftKeeper.load(), confined]);
      await airGap.start();
      void conversationList.emptyBin();
      void libraryController.start();
      await model.start();
    },
  };
}

/** To the console, where someone who looks for the cause of a fault finds it; the page goes on. */
function reportForbidden(from: EngineLife, to: EngineLife): void {
  reportError(new Error(`the engine went from "${from}" to "${to}"`));
}
