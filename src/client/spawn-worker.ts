import workerUrl from '../worker/engine.worker.ts?worker&url';
import { trustedScriptUrl } from './trusted-script-url.ts';
import type { WorkerLike } from './worker-connection.ts';

export function spawnEngineWorker(): WorkerLike {
  return new Worker(trustedScriptUrl(workerUrl), { type: 'module', name: 'bedside-engine' });
}
