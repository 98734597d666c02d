import './stop-if-too-old.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { registerServiceWorker } from '../client/index.ts';
import { createBrowserServices } from './services/browser-services.ts';
import { Page } from './shell/page.tsx';
import { watchAddress } from './shell/watch-address.ts';
import { watchPage } from './shell/watch-page.ts';
import { createApp } from './state/create-app.ts';
import { isBusy } from './state/is-busy.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/listing.css';
import './styles/chat.css';
import './styles/markdown.css';
import './styles/formulas.css';
import './styles/confidence.css';
import './styles/guards.css';
import './styles/answers.css';
import './styles/panels.css';
import './styles/own-files.css';
import './styles/palette.css';
import './styles/templates.css';
import './styles/hardware.css';
import './styles/images.css';
import './styles/sources.css';
import './styles/viewer.css';
import './styles/reading.css';
import './styles/errors.css';
import './styles/forced-colors.css';
import './styles/print.css';

const app = createApp(createBrowserServices());

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <Page app={app} />
  </StrictMode>,
);

// The engine's worker is confined by the service worker's headers on hosts that send none: it starts after it.
const { showToast, dismissToast } = app.ui.getState();
let offer = 0;
const confined = registerServiceWorker({
  isBusy: () => isBusy(app),
  onUpdateReady: apply => {
    // The latest one counts: another tab may have applied the version that the last one offered.
    dismissToast(offer);
    offer = showToast('A new version of Bedside is ready.', { label: 'Update', run: apply }, 3_600_000);
  },
  onUpdateDelayed: () =>
    showToast(
      'Bedside updates itself as soon as nothing is being answered, loaded or left unsent, in any of its tabs.',
    ),
});
watchPage(app);
watchAddress(app);
void app.start(confined);
