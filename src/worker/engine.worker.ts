import { expose } from 'comlink';
import { decodeInBrowser } from '../imaging/decode-bitmap.ts';
import { createWeightStore } from '../storage/create-weight-store.ts';
import { BrowserEngine } from './engine/browser-engine.ts';
import { createEngineApi } from './engine/engine-api.ts';
import { oneAtATime } from './engine/one-at-a-time.ts';

const decodeImage = oneAtATime(decodeInBrowser);

expose(
  createEngineApi({
    engine: new BrowserEngine(navigator.gpu, decodeImage),
    weights: createWeightStore(),
    decodeImage,
  }),
);
