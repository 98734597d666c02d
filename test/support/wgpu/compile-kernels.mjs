// Runs in Deno: compiles the kernels of a file, [{name, code, entryPoint, constants}], by wgpu and prints as JSON the adapter's features
// and, by name, what was wrong with each ("" where nothing was). Kernels that need a feature the adapter lacks are left out.
const [file] = Deno.args;
const kernels = JSON.parse(Deno.readTextFileSync(file));
const adapter = await navigator.gpu.requestAdapter();
if (!adapter) throw new Error('wgpu finds no adapter');
const neededBy = { subgroups: 'enable subgroups;', 'shader-f16': 'enable f16;' };
const features = Object.keys(neededBy).filter(feature => adapter.features.has(feature));
const device = await adapter.requestDevice({ requiredFeatures: features });
const isComposed = ({ code }) =>
  Object.entries(neededBy).every(([feature, line]) => features.includes(feature) || !code.includes(line));
const compiled = {};
for (const { name, code, entryPoint, constants } of kernels.filter(isComposed)) {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code });
  await device
    .createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint, constants } })
    .catch(error => error);
  const error = await device.popErrorScope();
  compiled[name] = error?.message ?? '';
}
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify({ features, compiled })));
Deno.exit(0);
