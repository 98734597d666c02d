import { expose } from 'comlink';
import { answer } from '../engine/generation/answer.ts';
import { acquireDevice, describeAdapter } from '../engine/gpu/device.ts';
import { loadModel } from '../engine/models/load-model.ts';
import { createWeightStore } from '../storage/weights.ts';
import { createWorkerApi } from './worker-api.ts';

const { gpu } = navigator;

expose(
  createWorkerApi({
    engine: {
      describeAdapter: () => describeAdapter(gpu),
      acquireDevice: () => acquireDevice(gpu),
      loadModel,
      answer,
    },
    weights: createWeightStore(),
    network: { fetch: (url, init) => fetch(url, init), isOnline: () => navigator.onLine },
  }),
);
