import { readCheckpointConfig } from '../../engine/convert/checkpoint-config.ts';
import type { Network } from '../remote/network.ts';
import { openRemoteSettings } from '../remote/remote-checkpoint.ts';
import { defaultRetryPolicy, type RetryPolicy } from '../remote/retry-policy.ts';
import { listPickedFiles, openCheckpointFiles } from './checkpoint-files.ts';
import type { CheckpointOrigin, CheckpointReport } from './library-messages.ts';

/**
 * What a checkpoint is, by its config.json alone.
 * @throws BedsideError `no-model` without one, `unsupported-model`, `invalid-model`, `network`
 */
export async function inspectCheckpoint(
  from: CheckpointOrigin,
  network: Network,
  retry: RetryPolicy = defaultRetryPolicy,
): Promise<CheckpointReport> {
  const folder =
    from.kind === 'files'
      ? openCheckpointFiles(listPickedFiles(from.files))
      : await openRemoteSettings(from.url, network, retry);
  const { text, readEncoder } = await readCheckpointConfig(folder);
  return { architecture: text.architecture, seesImages: readEncoder !== undefined };
}
