// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { converse, FakeServices, flush, lastMessage, startApp } from '../../testing/fake-services.ts';
import { gpuReport, processorReport } from '../../testing/fixtures.ts';

const exact = { activationBits: 32 } as const;

test('what the settings wish is told to the engine before it is asked what there is', async () => {
  const services = new FakeServices({ device: 'processor' });
  const asked: string[] = [];
  const { useDevice, probeDevice } = services.engine;
  services.engine.useDevice = wish => {
    asked.push(wish.device);
    return useDevice.call(services.engine, wish);
  };
  services.engine.probeDevice = () => {
    asked.push('probed');
    return probeDevice.call(services.engine);
  };
  await startApp(services);
  expect(asked).toEqual(['processor', 'probed']);
});

test('another device waits for the next load, which is on it; the page then says which it is', async () => {
  const { app, engine } = await startApp();
  expect(engine.wishes).toEqual([{ device: 'auto', ...exact }]);
  await app.modelController.wishFor({ device: 'processor' });
  expect(engine.wishes).toHaveLength(1);
  expect(engine.loads).toHaveLength(1);
  expect(app.models.getState().phase).toBe('ready');
  engine.device = processorReport;
  await app.modelController.reload();
  expect(engine.wishes).toEqual([
    { device: 'auto', ...exact },
    { device: 'processor', ...exact },
  ]);
  expect(app.models.getState()).toMatchObject({
    phase: 'ready',
    device: { report: { kind: 'processor' } },
    loadedWith: { device: 'processor', ...exact },
  });
});

test('a model chosen again is loaded again where another device is wished', async () => {
  const { app, engine } = await startApp();
  const { entry } = app.models.getState();
  await app.modelController.load(entry!);
  expect(engine.loads).toHaveLength(1);
  await app.modelController.wishFor({ activationBits: 16 });
  await app.modelController.load(entry!);
  expect(engine.loads).toHaveLength(2);
  expect(engine.wishes.at(-1)).toEqual({ device: 'auto', activationBits: 16 });
});

test('where nothing could compute, another device is looked for at once, and answers', async () => {
  const services = new FakeServices({ device: 'gpu' });
  services.engine.device = 'no-webgpu';
  const started = await startApp(services);
  const { app, engine } = started;
  expect(app.models.getState().device.status).toBe('failed');
  engine.device = processorReport;
  await app.modelController.wishFor({ device: 'auto' });
  await flush();
  expect(app.models.getState()).toMatchObject({ phase: 'ready', device: { report: { kind: 'processor' } } });
  await converse(started, 'What is asthma?', 'A disease.');
  expect(lastMessage(app).text).toBe('A disease.');
});

test('without a model, another device is looked for at once', async () => {
  const { app, engine } = await startApp();
  await app.modelController.unload();
  engine.device = processorReport;
  await app.modelController.wishFor({ device: 'processor' });
  expect(app.models.getState()).toMatchObject({ phase: 'empty', device: { report: processorReport } });
  engine.device = gpuReport;
});

test('a wish that the engine cannot hear now ends the load with what it said, and is told again', async () => {
  const { app, engine } = await startApp();
  await app.modelController.wishFor({ device: 'processor' });
  const { useDevice } = engine;
  engine.useDevice = async () => {
    await engine.testDevice({ scope: 'all', memoryBytes: 0 });
  };
  const loading = app.modelController.reload();
  await flush();
  engine.lastTest.pending.reject('busy');
  await loading;
  expect(app.models.getState()).toMatchObject({ phase: 'ready', error: { code: 'busy' } });
  engine.useDevice = useDevice;
  await app.modelController.reload();
  expect(engine.wishes.at(-1)).toEqual({ device: 'processor', ...exact });
});
