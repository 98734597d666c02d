// WebGPU in Node, by Dawn, as the command line opens it; for what the engine itself does not ask of a device.
export async function openDawn(toggles = []) {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  process.env.XDG_RUNTIME_DIR ??= '/tmp';
  const wanted = [...(process.env.BEDSIDE_DAWN?.split(',') ?? []), ...toggles];
  const options = process.platform === 'linux' ? ['backend=vulkan'] : [];
  if (wanted.length > 0) options.push(`enable-dawn-features=${wanted.join(',')}`);
  // The process ends when this object is collected.
  globalThis.dawn = create(options);
  const adapter = await globalThis.dawn.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('Dawn finds no adapter');
  return adapter;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** Milliseconds from the submit of what `encode` records until it is done. */
export async function timed(device, encode) {
  const encoder = device.createCommandEncoder();
  encode(encoder);
  const commands = encoder.finish();
  const started = performance.now();
  device.queue.submit([commands]);
  await device.queue.onSubmittedWorkDone();
  return performance.now() - started;
}
