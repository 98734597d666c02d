/** What the page can ask of the engine's worker: one operation at a time. */
import { toErrorData } from '../../engine/errors.ts';
import type { WeightStore } from '../../storage/weight-store.ts';
import { serveVerbs } from '../verbs/serve-verbs.ts';
import { inspectImage, redactImage, withoutIdentity } from './attach-image.ts';
import { checkAdapter } from './check-adapter.ts';
import { describeModel } from './describe-model.ts';
import { reportAnswer, reportLoad, reportReading, reportSamples, reportScores } from './engine-reports.ts';
import { type EngineApi, engineVerbs } from './engine-verbs.ts';
import { createModelHost, type DeviceHandle, type Engine, type ModelHandle } from './model-host.ts';
import type { OpenImages } from './open-images.ts';
import { openModelFiles, tellHalvesApart } from './open-model-source.ts';
import { renderImageFile } from './render-image-file.ts';

export interface EngineDependencies<Device extends DeviceHandle, Model extends ModelHandle> {
  engine: Engine<Device, Model>;
  weights: WeightStore;
  images: OpenImages;
}

export function createEngineApi<Device extends DeviceHandle, Model extends ModelHandle>({
  engine,
  weights,
  images,
}: EngineDependencies<Device, Model>): EngineApi {
  const host = createModelHost(engine);

  const api = serveVerbs(engineVerbs, {
    probeDevice: () => host.probe(),

    surveyDevices: () => host.survey(),

    measureAgain: () => host.measureAgain(),

    useDevice: wish => host.useDevice(wish),

    async loadModel(request, { signal, report }) {
      const onProgress = reportLoad(report);
      const opened = await openModelFiles(request, weights);
      onProgress({ phase: 'device', done: 0, total: 1, fromStore: true });
      const device = await host.prepareDevice();
      onProgress({ phase: 'device', done: 1, total: 1, fromStore: true });
      checkAdapter(
        device,
        opened.reduce((sum, { bytes }) => sum + bytes, 0),
      );
      signal.throwIfAborted();
      const { text, vision } = await tellHalvesApart(opened);
      const { precision, contextTokens, accepts = 'comfortable', forms = 'chosen' } = request;
      return host.load(text, {
        ...(vision ? { vision } : {}),
        precision,
        contextTokens,
        accepts,
        forms,
        signal,
        onProgress: progress => onProgress({ ...progress, fromStore: true }),
      });
    },

    skipTuning: () => engine.skipTuning?.(),

    async planModel(request) {
      const { text, vision } = await tellHalvesApart(await openModelFiles(request, weights));
      const { precision, contextTokens } = request;
      return host.plan(text, { ...(vision ? { vision } : {}), precision, contextTokens });
    },

    describeModel: request =>
      describeModel(request, { weights, plan: (source, options) => host.plan(source, options) }),

    loadedModel: () => host.modelInfo,

    unloadModel: () => host.unload(),

    inspectImage: file => inspectImage(images, file),

    renderImageFile: request => renderImageFile(images, request),

    withoutIdentity: file => withoutIdentity(images, file),

    redactImage: request => redactImage(images, request),

    measureQuestion: question => host.measureQuestion(question),

    showPrompt: request => host.showPrompt(request),

    async generate(request, { signal, report }) {
      const { vision, prefill, text, flush } = reportAnswer(report);
      try {
        return await host.answer(request, {
          signal,
          onVision: vision,
          onPrefill: prefill,
          onText: text,
        });
      } finally {
        flush();
      }
    },

    sample: (request, { signal, report }) => host.sample(request, { signal, ...reportSamples(report) }),

    scoreTokens: (request, { signal, report }) =>
      host.scoreTokens(request, { signal, ...reportScores(report) }),

    scoreLetters: (request, { signal, report }) =>
      host.scoreLetters(request, { signal, ...reportReading(report) }),

    testDevice: (request, { signal, report }) =>
      // Never thinned out: rows come once.
      host.testDevice(request, { signal, onProgress: progress => report('progress', progress) }),
  });

  return {
    ...api,
    async watchModel(port) {
      host.onModelLost(error => port.postMessage(toErrorData(error)));
    },
    async lendHelpers(page) {
      engine.lendHelpers?.(page);
    },
  };
}
