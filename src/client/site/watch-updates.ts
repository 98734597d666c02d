import type { PageMessage, UpdateAnswer } from '../../sw/messages.ts';
import { askServiceWorker } from './ask-service-worker.ts';

/** How often a version that was asked for tries again while some tab is in the middle of something. */
const retryMs = 2000;

export interface UpdateOffers {
  /** A newer version is stored and waits. `apply` switches to it, as soon as no tab is busy, and reloads this page. */
  onUpdateReady(apply: () => void): void;
  /** It was asked for, and waits until this tab or another one has ended what it does. Called once an `apply`. */
  onUpdateDelayed?(): void;
  /** Whether this page writes an answer or fetches a model: an update would cut it off. */
  isBusy?(): boolean;
}

/** Offers newer versions as they come, and answers other tabs that want to switch. */
export function watchForUpdates(registration: ServiceWorkerRegistration, offers: UpdateOffers): void {
  const { serviceWorker } = navigator;
  const reload = () => location.reload();
  const isBusy = () => offers.isBusy?.() ?? false;
  let wasAsked = false;

  const offer = (waiting: ServiceWorker) =>
    offers.onUpdateReady(() => {
      if (wasAsked) return;
      wasAsked = true;
      serviceWorker.addEventListener('controllerchange', () => reloadWhenIdle(), { once: true });
      void applyWhenIdle(waiting);
    });

  /** A question may have been sent between the moment the tabs were asked and the switch. */
  function reloadWhenIdle(): void {
    if (isBusy()) setTimeout(reloadWhenIdle, retryMs);
    else reload();
  }

  async function applyWhenIdle(waiting: ServiceWorker): Promise<void> {
    for (let isDelayed = false; ; isDelayed = true) {
      // The other tab may have applied it meanwhile.
      if (waiting.state === 'activated' || waiting.state === 'redundant') return reloadWhenIdle();
      const message: PageMessage = { type: 'apply-update' };
      const answer: UpdateAnswer | null = isBusy() ? 'busy' : await askServiceWorker(waiting, message);
      if (answer === 'applied') return;
      if (!isDelayed) offers.onUpdateDelayed?.();
      await new Promise(resolve => setTimeout(resolve, retryMs));
    }
  }

  serviceWorker.addEventListener('message', event => {
    if (event.data?.type === 'is-busy') event.ports[0]?.postMessage(isBusy());
  });

  if (registration.waiting && serviceWorker.controller) offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && serviceWorker.controller) offer(installing);
    });
  });

  // Another tab applied the update: this page runs on with what it has loaded until its user agrees to reload.
  let wasControlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    if (wasControlled && !wasAsked) offers.onUpdateReady(reloadWhenIdle);
    wasControlled = true;
  });
}
