import { expose } from 'comlink';
import { decodeInBrowser } from '../imaging/decode-bitmap.ts';
import { createWeightStore } from '../storage/create-weight-store.ts';
import { createFeatureStore } from '../storage/image-features.ts';
import { createTuningStore } from '../storage/tuning-records.ts';
import { BrowserDevices } from './engine/browser-devices.ts';
import { BrowserEngine } from './engine/browser-engine.ts';
import { createEngineApi } from './engine/engine-api.ts';
import { oneAtATime } from './engine/one-at-a-time.ts';
import { OpenImages } from './engine/open-images.ts';

const images = new OpenImages(oneAtATime(decodeInBrowser));

expose(
  createEngineApi({
    engine: new BrowserEngine(
      new BrowserDevices(navigator.gpu),
      image => images.pictureOf(image),
      createFeatureStore(),
      createTuningStore(),
    ),
    weights: createWeightStore(),
    images,
  }),
);
