import type { ChatStore } from '../conversation/chat-store.ts';
import type { ModelStore } from '../model/model-store.ts';
import type { SettingsStateStore } from '../settings/settings-controller.ts';

interface Dependencies {
  models: ModelStore;
  chat: ChatStore;
  settings: SettingsStateStore;
  /** Frees the GPU's memory. */
  rest(): Promise<void>;
  isHidden(): boolean;
}

/**
 * A model that nobody looks at for the minutes of the settings is put to rest. Returns what must be called when the page
 * is hidden or shown. Counted only while the page is hidden, a model is ready and nothing is being answered.
 */
export function releaseWhenIdle({ models, chat, settings, rest, isHidden }: Dependencies): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let counted = 0;

  function update(): void {
    const isIdle = isHidden() && models.getState().phase === 'ready' && !chat.getState().run;
    const minutes = isIdle ? settings.getState().settings.restMinutes : 0;
    if (minutes === counted) return;
    clearTimeout(timer);
    counted = minutes;
    if (minutes > 0) timer = setTimeout(() => void rest(), minutes * 60_000);
  }

  models.subscribe(update);
  chat.subscribe(update);
  settings.subscribe(update);
  return update;
}
