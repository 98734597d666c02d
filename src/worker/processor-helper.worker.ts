import { type HelperStart, serveHelper } from '../engine/processor/helper.ts';

// One message ever arrives here: the port of the engine's worker. While it is started over some memory this thread hears nothing.
self.addEventListener(
  'message',
  ({ ports: [engine] }: MessageEvent) => {
    serveHelper({
      onStart(then) {
        engine!.onmessage = ({ data }: MessageEvent<HelperStart>) => then(data);
      },
      say: word => engine!.postMessage(word),
    });
  },
  { once: true },
);
