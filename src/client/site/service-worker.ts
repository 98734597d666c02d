import type { PageMessage } from '../../sw/messages.ts';
import { trustedScriptUrl } from './trusted-script-url.ts';
import { type UpdateOffers, watchForUpdates } from './watch-updates.ts';

const controlTimeoutMs = 15_000;

/**
 * `ready`: this page is controlled, so it works offline and a worker started from now on is confined by the
 * security headers even where the host sends none. Start the engine's worker after this settles.
 * `unsupported`: no service workers here, or development. `failed`: the page works, but only with its host.
 */
export type ServiceWorkerState = 'ready' | 'unsupported' | 'failed';

/** Registers the service worker, and from then on offers newer versions. */
export async function registerServiceWorker(offers: UpdateOffers): Promise<ServiceWorkerState> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return 'unsupported';
  try {
    const registration = await navigator.serviceWorker.register(
      trustedScriptUrl(new URL('sw.js', document.baseURI).href),
      { updateViaCache: 'none' },
    );
    watchForUpdates(registration, offers);
    await becomeControlled(registration);
    return 'ready';
  } catch (error) {
    console.error('The application could not be stored for offline use:', error);
    return 'failed';
  }
}

/** Resolves when the page is under control: at once or after the first install. Rejects if that never happens. */
function becomeControlled(registration: ServiceWorkerRegistration): Promise<void> {
  const { serviceWorker } = navigator;
  if (serviceWorker.controller) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it did not take control in time')), controlTimeoutMs);
    const onControl = () => {
      clearTimeout(timer);
      resolve();
    };
    serviceWorker.addEventListener('controllerchange', onControl, { once: true });

    // After a forced reload there is an active worker that does not control this page.
    const message: PageMessage = { type: 'claim' };
    registration.active?.postMessage(message);
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state !== 'redundant') return;
      clearTimeout(timer);
      reject(new Error('its installation failed'));
    });
  });
}
