import { type HelperStart, serveHelper } from '../../src/engine/processor/helper.ts';

serveHelper({
  onStart: then => addEventListener('message', ({ data }: MessageEvent<HelperStart>) => then(data)),
  say: word => postMessage(word),
});
