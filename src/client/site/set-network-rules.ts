import type { AirGapAnswer, WorkerMessage } from '../../sw/messages.ts';
import { askServiceWorker } from './ask-service-worker.ts';
import { controllingWorker } from './controlling-worker.ts';

/**
 * Tells the service worker which other origins the library worker may fetch models from, in place of those before:
 * at most 20, 'https://host[:port]' or, on this machine, 'http://127.0.0.1[:port]'. Resolves when stored; a library
 * worker that is started from then on may reach them. False, and nothing is changed, where one of them may not be
 * allowed, or where no service worker comes to control this page: the host's own policy then holds, which admits none.
 */
export async function setModelSources(origins: string[]): Promise<boolean> {
  const controller = await controllingWorker();
  if (!controller) return false;
  return (await askServiceWorker<boolean>(controller, { type: 'set-model-sources', origins })) ?? false;
}

/**
 * Closes or opens the air gap for every tab, and for good. False where it could not be stored, or where no service
 * worker comes to control this page: nobody then stands between the page and the network.
 */
export async function setAirGap(isOn: boolean): Promise<boolean> {
  const controller = await controllingWorker();
  if (!controller) return false;
  return (await askServiceWorker<boolean>(controller, { type: 'set-air-gap', isOn })) ?? false;
}

/** What the service worker says; 'unavailable' where none controls this page. */
export async function askAirGap(): Promise<AirGapAnswer | 'unavailable'> {
  const { controller } = navigator.serviceWorker ?? {};
  if (!controller) return 'unavailable';
  return (await askServiceWorker<AirGapAnswer>(controller, { type: 'ask-air-gap' })) ?? 'unavailable';
}

/** Calls `listener` whenever the air gap is switched, in this tab or another one, and `onControl` when somebody comes who can be asked. */
export function watchAirGap(listener: (isOn: boolean) => void, onControl: () => void): void {
  navigator.serviceWorker?.addEventListener('controllerchange', onControl);
  navigator.serviceWorker?.addEventListener('message', event => {
    const message = event.data as WorkerMessage;
    if (message?.type === 'air-gap') listener(message.isOn);
  });
}
