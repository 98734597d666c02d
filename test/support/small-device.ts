import type { WebGpuDevice } from '../../src/engine/gpu/device.ts';

export interface SmallMemory {
  /** Bytes of the buffers that have not been destroyed. */
  liveBytes: number;
  /** Sizes of the buffers in the order in which they were asked for, refused ones included. */
  readonly asked: number[];
  capacityBytes: number;
}

/** Makes a real device refuse buffers beyond so many bytes, as one with little memory does. Counts what is alive. */
export function limitMemory({ gpu }: WebGpuDevice, capacityBytes = Number.POSITIVE_INFINITY): SmallMemory {
  const memory: SmallMemory = { liveBytes: 0, asked: [], capacityBytes };
  const [create, push, pop] = [gpu.createBuffer, gpu.pushErrorScope, gpu.popErrorScope].map(method =>
    method.bind(gpu as never),
  ) as [GPUDevice['createBuffer'], GPUDevice['pushErrorScope'], GPUDevice['popErrorScope']];
  const scopes: { filter: GPUErrorFilter; error?: GPUError }[] = [];
  gpu.pushErrorScope = filter => {
    scopes.push({ filter });
    push(filter);
  };
  gpu.popErrorScope = async () => {
    const error = scopes.pop()?.error;
    return (await pop()) ?? error ?? null;
  };
  gpu.createBuffer = descriptor => {
    memory.asked.push(descriptor.size);
    if (memory.liveBytes + descriptor.size > memory.capacityBytes) {
      const scope = scopes.findLast(({ filter }) => filter === 'out-of-memory');
      if (!scope) throw new Error('a buffer was made outside an out-of-memory scope');
      scope.error = new GPUOutOfMemoryError('no memory left');
      return create({ ...descriptor, size: 16 });
    }
    const buffer = create(descriptor);
    memory.liveBytes += descriptor.size;
    const destroy = buffer.destroy.bind(buffer);
    let isAlive = true;
    buffer.destroy = () => {
      if (isAlive) memory.liveBytes -= descriptor.size;
      isAlive = false;
      return destroy();
    };
    return buffer;
  };
  return memory;
}
