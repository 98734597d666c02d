/** What is used of onnxruntime-web, which is no dependency: its own types are there only once it was installed. */
export interface OrtTensor {
  readonly dims: readonly number[];
  readonly location: 'cpu' | 'gpu-buffer' | string;
  readonly data: BigInt64Array | Float32Array | Int32Array;
  getData(): Promise<BigInt64Array | Float32Array | Int32Array>;
  dispose(): void;
}

export interface OrtSession {
  run(
    feeds: Record<string, OrtTensor>,
    fetches?: Record<string, OrtTensor | null>,
  ): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

export interface Onnxruntime {
  env: {
    logLevel: string;
    wasm: { wasmPaths: string; numThreads: number };
    webgpu: { device: GPUDevice | Promise<GPUDevice> };
    versions: { web?: string };
  };
  Tensor: {
    new (
      type: 'int64' | 'int32' | 'float32',
      data: BigInt64Array | Int32Array | Float32Array,
      dims: readonly number[],
    ): OrtTensor;
    fromGpuBuffer(buffer: GPUBuffer, options: { dataType: string; dims: readonly number[] }): OrtTensor;
  };
  InferenceSession: {
    create(model: Uint8Array, options: Record<string, unknown>): Promise<OrtSession>;
  };
}
