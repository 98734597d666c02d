// Whether a device has subgroup matrices, which sizes, and what a product of 16-bit matrices reaches with the first of them:
// node bench/gpu/subgroup-matrices.mjs [--quick]. Dawn has them behind `allow_unsafe_apis`; no browser shows them by default.
import { median, openDawn, timed } from './open-dawn.mjs';

const feature = 'chromium-experimental-subgroup-matrix';
const isQuick = process.argv.includes('--quick');
const print = report => {
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exit(0);
};

const adapter = await openDawn(['allow_unsafe_apis']);
const configurations = [...(adapter.info.subgroupMatrixConfigs ?? [])].map(
  ({ componentType, resultComponentType, M, N, K }) => ({ componentType, resultComponentType, M, N, K }),
);
const needed = [feature, 'shader-f16', 'subgroups'];
const missing = needed.filter(each => !adapter.features.has(each));
if (missing.length > 0) print({ available: false, missing, configurations });
const chosen = configurations.find(
  ({ componentType, resultComponentType }) => componentType === 'f16' && resultComponentType === 'f32',
);
if (!chosen) print({ available: true, configurations, measured: null });

const { M, N, K } = chosen;
const size = isQuick ? 256 : 4096;
const subgroup = adapter.info.subgroupMaxSize;
// A subgroup computes 2 x 2 results straight from memory: what the units give without any staging.
const code = `
enable f16; enable subgroups; enable ${feature.replaceAll('-', '_')};
@group(0) @binding(0) var<storage, read> a: array<f16>;
@group(0) @binding(1) var<storage, read> b: array<f16>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;
@compute @workgroup_size(${subgroup}) fn product(@builtin(workgroup_id) at: vec3<u32>) {
  let row = at.y * ${2 * M}; let column = at.x * ${2 * N};
  var r00: subgroup_matrix_result<f32, ${N}, ${M}>; var r01: subgroup_matrix_result<f32, ${N}, ${M}>;
  var r10: subgroup_matrix_result<f32, ${N}, ${M}>; var r11: subgroup_matrix_result<f32, ${N}, ${M}>;
  for (var k = 0u; k < ${size}; k += ${K}) {
    let a0 = subgroupMatrixLoad<subgroup_matrix_left<f16, ${K}, ${M}>>(&a, row * ${size} + k, false, ${size});
    let a1 = subgroupMatrixLoad<subgroup_matrix_left<f16, ${K}, ${M}>>(&a, (row + ${M}) * ${size} + k, false, ${size});
    let b0 = subgroupMatrixLoad<subgroup_matrix_right<f16, ${N}, ${K}>>(&b, k * ${size} + column, false, ${size});
    let b1 = subgroupMatrixLoad<subgroup_matrix_right<f16, ${N}, ${K}>>(&b, k * ${size} + column + ${N}, false, ${size});
    r00 = subgroupMatrixMultiplyAccumulate(a0, b0, r00); r01 = subgroupMatrixMultiplyAccumulate(a0, b1, r01);
    r10 = subgroupMatrixMultiplyAccumulate(a1, b0, r10); r11 = subgroupMatrixMultiplyAccumulate(a1, b1, r11);
  }
  subgroupMatrixStore(&c, row * ${size} + column, r00, false, ${size});
  subgroupMatrixStore(&c, row * ${size} + column + ${N}, r01, false, ${size});
  subgroupMatrixStore(&c, (row + ${M}) * ${size} + column, r10, false, ${size});
  subgroupMatrixStore(&c, (row + ${M}) * ${size} + column + ${N}, r11, false, ${size});
}`;
const bytes = 2 * size * size;
const device = await adapter.requestDevice({
  requiredFeatures: needed,
  requiredLimits: {
    maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
    maxBufferSize: 2 * bytes,
  },
});
const storage = length =>
  device.createBuffer({
    size: length,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  });
// Halves between 1 and 2, of either sign: zeros are faster than numbers.
const noise = () =>
  Uint16Array.from(
    { length: size * size },
    () => 0x3c00 | (Math.random() * 0x400) | (Math.random() < 0.5 ? 0x8000 : 0),
  );
const numberOf = half => (1 + (half & 0x3ff) / 1024) * (half & 0x8000 ? -1 : 1);
const upload = halves => {
  const buffer = storage(bytes);
  device.queue.writeBuffer(buffer, 0, halves);
  return buffer;
};

try {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module, entryPoint: 'product' },
  });
  const [left, right, result] = [noise(), noise(), storage(2 * bytes)];
  const entries = [upload(left), upload(right), result].map((buffer, binding) => ({
    binding,
    resource: { buffer },
  }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const times = [];
  for (let run = 0; run < (isQuick ? 2 : 12); run++)
    times.push(
      await timed(device, encoder => {
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(size / (2 * N), size / (2 * M));
        pass.end();
      }),
    );
  const error = await device.popErrorScope();
  if (error) throw error;
  // A rate of wrong numbers says nothing: one of them is compared.
  const [row, column] = [size - 3, size / 2 + 1];
  const read = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  await timed(device, encoder => encoder.copyBufferToBuffer(result, 4 * (row * size + column), read, 0, 4));
  await read.mapAsync(GPUMapMode.READ);
  const found = new Float32Array(read.getMappedRange())[0];
  let expected = 0;
  for (let k = 0; k < size; k++)
    expected += numberOf(left[row * size + k]) * numberOf(right[k * size + column]);
  const isRight = Math.abs(found - expected) < 0.01 * Math.sqrt(size);
  const ms = median(times);
  print({
    available: true,
    configurations,
    measured: { size, ...chosen, isRight, ms, teraflops: (2 * size ** 3) / ms / 1e9 },
  });
} catch (error) {
  print({
    available: true,
    configurations,
    measured: null,
    error: String(error?.message ?? error).slice(0, 400),
  });
}
