import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import {
  createConversationStore,
  createEngineClient,
  createEngineLock,
  createSettingsStore,
  fetchSample,
  loadCatalogue,
  openConversationChannel,
  registerServiceWorker,
} from '../client/index.ts';
import { Page } from './shell/page.tsx';
import { watchPage } from './shell/watch-page.ts';
import { createApp } from './state/create-app.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/chat.css';
import './styles/markdown.css';
import './styles/panels.css';
import './styles/images.css';
import './styles/viewer.css';

const app = createApp({
  engine: createEngineClient(),
  engineLock: createEngineLock(),
  conversations: createConversationStore(),
  conversationNews: openConversationChannel(),
  settings: createSettingsStore(),
  loadCatalogue: () => loadCatalogue(),
  fetchSample: sample => fetchSample(sample),
  pause: ms => new Promise(resolve => setTimeout(resolve, ms)),
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <Page app={app} />
  </StrictMode>,
);

// The engine's worker is confined by the service worker's headers on hosts that send none: it starts after it.
const confined = registerServiceWorker(apply => {
  app.ui
    .getState()
    .showToast('A new version of Bedside is ready.', { label: 'Update', run: apply }, 3_600_000);
});
watchPage(app);
void app.start(confined);
