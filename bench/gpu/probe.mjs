// What a device is, and what a launch costs on it when each depends on the one before: node bench/gpu/probe.mjs [--quick]
import { median, openDawn, timed } from './open-dawn.mjs';

const isQuick = process.argv.includes('--quick');
const adapter = await openDawn();
const { vendor, architecture, device: name, description, subgroupMinSize, subgroupMaxSize } = adapter.info;
const device = await adapter.requestDevice();

// One word goes on: from the buffer into itself, or from one into the other and back.
const code = `
@group(0) @binding(0) var<storage, read> before: array<u32>;
@group(0) @binding(1) var<storage, read_write> after: array<u32>;
@compute @workgroup_size(32) fn one() { after[0] = after[0] + 1; }
@compute @workgroup_size(32) fn two() { after[0] = before[0] + 1; }`;
const module = device.createShaderModule({ code });
const pipelineOf = entryPoint =>
  device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint } });
const buffer = () => device.createBuffer({ size: 256, usage: GPUBufferUsage.STORAGE });
const [a, b] = [buffer(), buffer()];
const bind = (pipeline, entries) =>
  device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });

const within = await pipelineOf('one');
const between = await pipelineOf('two');
const own = bind(within, [{ binding: 1, resource: { buffer: a } }]);
const pairs = [
  bind(between, [
    { binding: 0, resource: { buffer: a } },
    { binding: 1, resource: { buffer: b } },
  ]),
  bind(between, [
    { binding: 0, resource: { buffer: b } },
    { binding: 1, resource: { buffer: a } },
  ]),
];

/** Microseconds a launch: by the difference of two lengths, so that the way to the device and back is not in it. */
async function perLaunch(pipeline, groups) {
  const run = launches =>
    timed(device, encoder => {
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      for (let i = 0; i < launches; i++) {
        pass.setBindGroup(0, groups[i % groups.length]);
        pass.dispatchWorkgroups(1);
      }
      pass.end();
    });
  const lengths = isQuick ? [20, 100] : [200, 2200];
  const times = lengths.map(() => []);
  for (let round = 0; round < (isQuick ? 3 : 9); round++)
    for (const [i, launches] of lengths.entries()) times[i].push(await run(launches));
  return (1000 * (median(times[1]) - median(times[0]))) / (lengths[1] - lengths[0]);
}

const roundTrips = [];
for (let i = 0; i < (isQuick ? 3 : 30); i++) roundTrips.push(await timed(device, () => undefined));
const limits = {};
for (const key in adapter.limits) limits[key] = adapter.limits[key];
const report = {
  info: { vendor, architecture, device: name, description, subgroupMinSize, subgroupMaxSize },
  features: [...adapter.features].sort(),
  limits,
  roundTripMs: median(roundTrips),
  launchMicroseconds: {
    sameBuffer: await perLaunch(within, [own]),
    twoBuffers: await perLaunch(between, pairs),
  },
};
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);
