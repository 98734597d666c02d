import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainPresentation } from '../src/engine/types/presentation.ts';
import { openDicom } from '../src/imaging/dicom/open-dicom.ts';
import {
  dicomGoldens,
  type GoldenRecord,
  goldenFile,
  refusedSyntaxes,
} from '../test/support/dicom-goldens.ts';
import { openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { dropFiles } from './support/images.ts';
import { askWorkerToShow, type ShownHash, watchWorkers } from './support/page-workers.ts';
import { type Site, startSite } from './support/site.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const isShown = ({ status, tier, file }: GoldenRecord) =>
  status === 'ok' && (tier ?? 1) <= 2 && !refusedSyntaxes.includes(file);

describe.skipIf(!chromium)(
  `the reading worker in Chromium, as pydicom, GDCM and dcmtk read${whyNoChromium}`,
  () => {
    let site: Site;
    let context: BrowserContext;
    let page: Page;
    let problems: string[];

    beforeAll(async () => {
      site = await startSite();
      context = await launchChromium();
      ({ page, problems } = await openChat(context, site.url, false, watchWorkers));
      // The page starts its worker when it first reads an image.
      await dropFiles(page, { name: 'nothing', type: '', bytes: Buffer.alloc(200).fill('DICM', 128, 132) });
      await page.getByRole('dialog', { name: 'There is nothing to show' }).waitFor();
      await page.keyboard.press('Escape');
    });
    afterAll(async () => {
      await context?.close();
      await site?.stop();
    });

    const show = (bytes: Uint8Array, frame: number): Promise<ShownHash> =>
      askWorkerToShow(page, bytes, { ...plainPresentation, frame });

    test.each(dicomGoldens)('$name files: every default view', async collection => {
      const records = collection.records.filter(isShown);
      const [exact, lossy]: [number[], number[]] = [[], []];
      const different: string[] = [];
      for (const record of records) {
        const bytes = readFileSync(goldenFile(collection, record.file));
        const file = await openDicom(bytes);
        for (const [frame, golden] of record.frames!.entries()) {
          const shown = await show(bytes, frame);
          const rendered = (await file.decodeFrame(frame)).render(null);
          const { sha256: expected, alternativeSha256 } = golden.views.default!;
          // To the byte what Node shows; and, but for what two decoders may round otherwise, what the others show.
          if (shown.sha256 !== sha256(rendered))
            different.push(`${record.file} ${frame}: ${shown.reason ?? 'not as in Node'}`);
          (record.tolerance ? lossy : exact).push(frame);
          if (!record.tolerance && ![expected, alternativeSha256].includes(shown.sha256))
            different.push(`${record.file} ${frame}: not the golden view`);
        }
      }
      expect(different).toEqual([]);
      const frames = records.reduce((sum, record) => sum + record.frames!.length, 0);
      expect(exact.length + lossy.length).toBe(frames);
      expect(exact.length).toBeGreaterThan(collection.records.length / 3);
      console.log(
        `${collection.name}: ${records.length} files, ${exact.length} frames to the byte, ${lossy.length} of lossy files as in Node`,
      );
    });

    test.each(dicomGoldens)('$name files: every refusal', async collection => {
      const refused = collection.records.filter(({ status }) => status === 'refuse');
      const different: unknown[] = [];
      for (const record of refused) {
        const { reason } = await show(readFileSync(goldenFile(collection, record.file)), 0);
        const accepted = [record.reason, ...(record.alsoAccept ?? [])];
        // What does not begin as DICOM is refused as any other file that is no image.
        if (accepted.some(each => each === 'not-dicom' || each === 'empty-file'))
          accepted.push('not-an-image', 'unsupported-image');
        if (!accepted.includes(reason)) different.push([record.file, reason]);
      }
      expect(different).toEqual([]);
      console.log(`${collection.name}: ${refused.length} files refused for the reason that is meant`);
    });

    test('a deflated file is read whatever its writer left behind the stream', async () => {
      const committed = dicomGoldens[0]!;
      const { file, frames } = committed.records.find(each => each.file === 'ts-deflated.dcm')!;
      const bytes = readFileSync(goldenFile(committed, file));
      const { sha256: expected } = frames![0]!.views.default!;
      // The check of gzip: a sum, and the length of what was deflated.
      const checked = Buffer.concat([bytes, Buffer.from([0x4e, 0xd0, 0x58, 0x45, 0x1a, 0x02, 0x04, 0x00])]);
      expect([await show(bytes, 0), await show(checked, 0)]).toEqual([
        { sha256: expected },
        { sha256: expected },
      ]);
      const cut = bytes.subarray(0, bytes.length - 200);
      expect(await show(cut, 0)).toEqual({ reason: 'damaged-compressed-data' });
    });

    test('nothing went wrong in the page', () => {
      expect(problems).toEqual([]);
    });
  },
);
