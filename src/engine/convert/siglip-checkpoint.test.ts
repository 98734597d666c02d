import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { convertBoth, planFolder } from '../../../test/support/convert-folder.ts';
import { dataFile, readJson } from '../../../test/support/data.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { parseGguf } from '../formats/gguf.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';

interface Reference {
  files: Record<
    string,
    { keys: Record<string, unknown>; tensors: { name: string; ne: number[]; f32_sha256: string }[] }
  >;
}

const folder = dataFile('testdata/families/medgemma-nano');

describe.skipIf(!folder)('a Gemma 3 checkpoint with SigLIP (needs BEDSIDE_DATA)', () => {
  const settings = (name: string) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));
  const plan = (changed: Record<string, unknown>) => planFolder(folder!, 'keep', true, changed);

  it('becomes the tensors and properties that gguf-py writes', async () => {
    const { vision } = await convertBoth(folder!, 'keep');
    const file = await parseGguf(bytesSource(vision));
    const { files } = readJson<Reference>(dataFile('testdata/families/golden/gguf-tensors-modern.json')!);
    const { keys, tensors } = files['medgemma-nano-mmproj.gguf']!;
    expect(file.tensors.map(({ name }) => name).sort()).toEqual(tensors.map(({ name }) => name).sort());
    for (const { name, ne, f32_sha256 } of tensors) {
      const { type, offset, bytes, shape } = file.tensors.find(tensor => tensor.name === name)!;
      expect(shape, name).toEqual(ne);
      const values = dequantizeTensor(type, vision.subarray(offset, offset + bytes));
      const hash = createHash('sha256').update(
        new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      );
      expect(hash.digest('hex'), name).toBe(f32_sha256);
    }
    for (const [key, value] of Object.entries(keys)) {
      if (!key.startsWith('clip.vision.')) continue;
      const found = file.metadata.get(key);
      expect(Array.isArray(value) ? Array.from(found as ArrayLike<number>) : found, key).toEqual(value);
    }
    expect(file.metadata.get('clip.projector_type')).toBe('gemma3');
  });

  it('gives what the preparation of pictures leaves out the published values', async () => {
    const whole = await plan({});
    const { size, ...without } = settings('preprocessor_config.json');
    expect(size).toBeDefined();
    for (const preprocessor of [without, {}]) {
      const { vision } = await plan({ 'preprocessor_config.json': preprocessor });
      expect(vision!.header).toEqual(whole.vision!.header);
    }
  });

  it('takes what prepares pictures from processor_config.json, where newer programs write it', async () => {
    const whole = await plan({});
    const { processor_class, ...pictures } = settings('preprocessor_config.json');
    const other = { ...pictures, image_mean: [0.4, 0.5, 0.6], data_format: 'channels_first' };
    const common = { processor_class, image_seq_length: 16, image_processor: other };
    const alone = await plan({ 'preprocessor_config.json': undefined, 'processor_config.json': common });
    expect(alone.vision!.header).not.toEqual(whole.vision!.header);
    const agreeing = { ...common, image_processor: pictures };
    expect((await plan({ 'processor_config.json': agreeing })).vision!.header).toEqual(whole.vision!.header);
    await expect(plan({ 'processor_config.json': common })).rejects.toThrow(
      'processor_config.json and preprocessor_config.json say different things about how pictures are prepared',
    );
    await expect(
      plan({ 'processor_config.json': { ...common, image_processor: { ...other, resample: 3 } } }),
    ).rejects.toThrow('In processor_config.json, "image_processor.resample" is 3; only 2 is supported');
  });

  it('gives what config.json leaves out the values of the classes that it names', async () => {
    const whole = await plan({});
    const { text_config: text, vision_config: vision, ...config } = settings('config.json');
    // None of these has its published value in the tensors.
    for (const name of [
      'rms_norm_eps',
      'rope_theta',
      'rope_local_base_freq',
      'sliding_window_pattern',
      'hidden_activation',
      'attention_bias',
      'attn_logit_softcapping',
      'final_logit_softcapping',
    ]) {
      expect(text, name).toHaveProperty(name);
      delete text[name];
    }
    for (const name of ['hidden_act', 'layer_norm_eps', 'num_channels', 'vision_use_head']) {
      expect(vision, name).toHaveProperty(name);
      delete vision[name];
    }
    const sparse = await plan({ 'config.json': { ...config, text_config: text, vision_config: vision } });
    expect(sparse.text.header).toEqual(whole.text.header);
    expect(sparse.vision!.header).toEqual(whole.vision!.header);
  });

  it.each([
    ['resample', 3, '"resample" is 3; only 2 is supported'],
    ['do_normalize', false, '"do_normalize" is false'],
    ['do_pan_and_scan', true, '"do_pan_and_scan" is true'],
    ['image_seq_length', 17, '"image_seq_length" is 17; only 16'],
    ['size', { height: 112, width: 224 }, '"size.width" is 224; only 112'],
    ['rescale_factor', 0.5, '"rescale_factor" is 0.5'],
    ['image_mean', [0.5, 2, 0.5], '"image_mean" is not three numbers'],
    ['crop_size', 96, '"crop_size" is not known'],
  ])('refuses pictures that are prepared with another %s', async (name, value, message) => {
    const preprocessor = { ...settings('preprocessor_config.json'), [name]: value };
    await expect(plan({ 'preprocessor_config.json': preprocessor })).rejects.toThrow(message);
  });

  it('refuses another encoder', async () => {
    const config = settings('config.json');
    const changed = { ...config, vision_config: { ...config.vision_config, hidden_act: 'gelu' } };
    await expect(plan({ 'config.json': changed })).rejects.toThrow('"vision_config.hidden_act" is "gelu"');
    await expect(plan({ 'config.json': { ...config, mm_tokens_per_image: 17 } })).rejects.toThrow(
      '17 visual tokens of pictures of 112 pixels in patches of 14, is not supported',
    );
  });
});
