import { expose } from 'comlink';
import { measureQuestion } from '../engine/generation/question-tokens.ts';
import { acquireDevice, describeAdapter, limitsOf } from '../engine/gpu/device.ts';
import { loadModel, planModel, requirePrecision } from '../engine/loading/load-model.ts';
import { testDevice } from '../engine/self-test/test-device.ts';
import { decodeInBrowser } from '../imaging/decode-bitmap.ts';
import { createWeightStore } from '../storage/create-weight-store.ts';
import { answerAboutImages } from './engine/answer-about-images.ts';
import { createWorkerApi } from './engine/engine-api.ts';
import { oneAtATime } from './engine/one-at-a-time.ts';

const { gpu } = navigator;
const decodeImage = oneAtATime(decodeInBrowser);

expose(
  createWorkerApi({
    engine: {
      describeAdapter: () => describeAdapter(gpu),
      acquireDevice: () => acquireDevice(gpu),
      loadModel,
      planModel: async (report, source, options) => {
        requirePrecision(options.precision, report.shaderF16);
        return planModel(limitsOf(report), source, options);
      },
      testDevice: (device, model, request, { signal, onProgress }) =>
        testDevice(device, model?.kernels, request, {
          signal,
          onRows: (rows, done, total, next) => onProgress?.({ rows, done, total, next }),
        }),
      measureQuestion: (model, question) => measureQuestion(model, question),
      answer: (model, request, events) => answerAboutImages(model, request, events, decodeImage),
    },
    weights: createWeightStore(),
    decodeImage,
  }),
);
