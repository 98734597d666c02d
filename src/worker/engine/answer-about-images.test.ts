import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fixture } from '../../../test/support/data.ts';
import { loadNanoVocabulary } from '../../../test/support/vocabularies.ts';
import type { PromptModel } from '../../engine/generation/prompt-text.ts';
import { askedRegions } from '../../engine/regions/asked-regions.ts';
import { createTokenizer } from '../../engine/tokenizer/tokenizer.ts';
import { imageKey, plainPresentation } from '../../engine/types/presentation.ts';
import { greedySampling } from '../../engine/types/sampling.ts';
import { openDicom } from '../../imaging/dicom/open-dicom.ts';
import { readHeader } from '../../imaging/presented/read-header.ts';
import { showPromptWithImages } from './answer-about-images.ts';
import type { GenerateRequest } from './engine-messages.ts';

const bytes = Uint8Array.from(readFileSync(fixture('dicom/charset-iso2022-ir87.dcm')));

test('a prompt about a DICOM file holds its tokens, the region and the question: no header, no name of a file', async () => {
  const blob = new Blob([bytes]);
  const { meta, identity } = await openDicom(bytes);
  const presentation = { ...plainPresentation, region: { x: 0, y: 0, width: 8, height: 8 } };
  const image = { id: 'a', width: meta.columns, height: meta.rows, blob, name: 'Zyx-Wvu.dcm', presentation };
  const request: GenerateRequest = {
    template: 'internvl2-chat',
    includeHistory: true,
    system: '',
    messages: [
      {
        role: 'user',
        text: 'What is it?',
        images: [imageKey('a', presentation)],
        asksAbout: askedRegions([image]),
      },
    ],
    images: [image],
    tiling: { mode: 'single', preset: 'demo' },
    sampling: greedySampling,
    maxTokens: 8,
  };
  const model = {
    tokenizer: createTokenizer(await loadNanoVocabulary()),
    contextTokens: 4096,
    config: { name: 'nano' },
    vision: { config: { tileSize: 112, tokensPerTile: 16 } },
  } as unknown as PromptModel;
  const { text } = showPromptWithImages(model, request);
  const box = askedRegions([image])[0]!.box.join(', ');
  expect(text.replace(/^<s>/, '').replaceAll('<IMG_CONTEXT>', '.')).toBe(
    '<|im_start|>system\n<|im_end|><|im_start|>user\n' +
      `<img>${'.'.repeat(32)}</img>\n` +
      `The question is about <ref>this region</ref><box>[[${box}]]</box>.\nWhat is it?<|im_end|>` +
      '<|im_start|>assistant\n',
  );
  const said = (await readHeader(blob))!.filter(({ identifies }) => identifies).map(({ value }) => value);
  expect(said).toContain(identity.patientName);
  for (const value of [image.name, ...said.filter(each => each.length > 2)])
    expect(text).not.toContain(value);
});
