import type { BrowserContext } from 'playwright-core';
import type { DeviceChoice } from '../../src/engine/types/device-choice.ts';

/**
 * Every page of the context begins with this choice in its settings, as if the reader had made it before: settings that are
 * stored already stay as they are. To be called before a page goes anywhere.
 */
export async function chooseDevice(context: BrowserContext, device: DeviceChoice): Promise<void> {
  await context.addInitScript(chosen => {
    if (!location.protocol.startsWith('http')) return;
    // What the page itself reads later waits for this: a database is opened in the order in which it is asked for.
    const opening = indexedDB.open('bedside-settings');
    opening.onupgradeneeded = () => opening.result.createObjectStore('records');
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction('records', 'readwrite');
      // Refused where there are some.
      transaction.objectStore('records').add({ v: 1, device: chosen }, 'settings').onerror = event =>
        event.preventDefault();
      transaction.oncomplete = () => database.close();
    };
  }, device);
}
