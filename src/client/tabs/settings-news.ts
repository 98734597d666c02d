/** Tells the other tabs of this site that stored settings have changed. */

export interface SettingsChannel {
  /** To the other tabs, not to this one. */
  tell(): void;
  listen(hear: () => void): void;
}

export function openSettingsChannel(
  channel: BroadcastChannel = new BroadcastChannel('bedside-settings'),
): SettingsChannel {
  return {
    tell: () => channel.postMessage('changed'),
    listen: hear => channel.addEventListener('message', () => hear()),
  };
}
