import { DeviceTest } from '../hardware/device-test.ts';
import type { Services } from '../services.ts';
import { AirGapController, type AirGapStore, createAirGapStore } from './air-gap-controller.ts';
import { AnswerRunner } from './answer-runner.ts';
import { type AttachmentStore, createAttachmentStore } from './attachment-store.ts';
import { AttachmentsController } from './attachments-controller.ts';
import { ChatController } from './chat-controller.ts';
import { type ChatStore, createChatStore } from './chat-store.ts';
import { ImageShelf } from './image-shelf.ts';
import { createLibraryStore, LibraryController, type LibraryStore } from './library-controller.ts';
import { ModelController } from './model-controller.ts';
import { ModelLibraryController } from './model-library-controller.ts';
import { createModelLibraryStore, type ModelLibraryStore } from './model-library-store.ts';
import { createModelStore, type ModelStore } from './model-store.ts';
import { openFiles } from './open-files.ts';
import { createSettingsState, SettingsController, type SettingsStateStore } from './settings-controller.ts';
import { createUiStore, type UiStore } from './ui-store.ts';

/** The page's state and what acts on it. Components read the stores and call the controllers. */
export interface App {
  chat: ChatStore;
  models: ModelStore;
  library: LibraryStore;
  modelLibrary: ModelLibraryStore;
  settings: SettingsStateStore;
  ui: UiStore;
  airGap: AirGapStore;
  attachments: AttachmentStore;
  shelf: ImageShelf;
  attachmentsController: AttachmentsController;
  chatController: ChatController;
  modelController: ModelController;
  modelLibraryController: ModelLibraryController;
  settingsController: SettingsController;
  airGapController: AirGapController;
  deviceTest: DeviceTest;
  /** Images go beside the question, models are loaded. */
  openFiles(files: readonly File[]): Promise<void>;
  /** Reads what is stored; once `confined` settles, finds the GPU and loads a model. */
  start(confined?: Promise<unknown>): Promise<void>;
}

export function createApp(services: Services): App {
  const chat = createChatStore();
  const models = createModelStore();
  const libraryStore = createLibraryStore();
  const settingsStore = createSettingsState();
  const ui = createUiStore();
  const airGapStore = createAirGapStore();
  const settings = new SettingsController(services, settingsStore, ui);
  const model = new ModelController(services, models, settings, ui);
  const airGap = new AirGapController(services, airGapStore, settings, ui);
  const library = new LibraryController(services, libraryStore, ui);
  const modelLibrary = createModelLibraryStore();
  const modelLibraryController = new ModelLibraryController(services, modelLibrary, models, ui);
  const { engine } = services;
  const attachmentStore = createAttachmentStore();
  const shelf = new ImageShelf(services, ui);
  const attachments = new AttachmentsController({
    engine,
    attachments: attachmentStore,
    chat,
    models,
    model,
    settings: settingsStore,
    ui,
  });
  const runner = new AnswerRunner({ engine, chat, models, ui, library, model, settings, shelf });
  const fetchSample = services.fetchSample.bind(services);
  return {
    chat,
    models,
    library: libraryStore,
    modelLibrary,
    settings: settingsStore,
    ui,
    airGap: airGapStore,
    attachments: attachmentStore,
    shelf,
    attachmentsController: attachments,
    chatController: new ChatController({ chat, library, runner, attachments, shelf, ui, fetchSample }),
    modelController: model,
    modelLibraryController,
    settingsController: settings,
    airGapController: airGap,
    deviceTest: new DeviceTest(engine),
    openFiles: files => openFiles(files, { attachments, model, ui }),
    async start(confined) {
      await Promise.all([settings.load(), library.refresh(), confined]);
      await airGap.start();
      void modelLibraryController.start();
      await model.start();
    },
  };
}
