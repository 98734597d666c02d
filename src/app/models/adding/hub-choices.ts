import { type HubFile, readShardName } from '../../../client/index.ts';
import { formatBytes } from '../../format/quantities.ts';

/** A model file of a repository: one file, or in order the parts that it was split into. */
export interface HubChoice {
  /** From the repository's root; of a split file without the part's number. */
  name: string;
  /** How its numbers are stored, as its name tells: "Q4_K_M"; '' where it does not. */
  quantization: string;
  files: HubFile[];
  bytes: number;
  half: 'text' | 'vision';
}

/** What can be chosen in a repository, smallest first. Of a split file of which a part is missing there is no choice. */
export function listHubChoices(files: readonly HubFile[]): HubChoice[] {
  const groups = new Map<string, HubFile[]>();
  for (const file of files) {
    const part = readShardName(file.path);
    const name = part ? `${part.stem} (${part.count} parts)` : file.path;
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  const choices = [...groups].flatMap(([name, parts]): HubChoice[] => {
    const { count = 1 } = readShardName(parts[0]!.path) ?? {};
    if (parts.length !== count) return [];
    const inOrder = parts.toSorted((a, b) => partNumber(a) - partNumber(b));
    const bytes = parts.reduce((sum, file) => sum + file.bytes, 0);
    const half = /mmproj/i.test(name) ? 'vision' : 'text';
    return [{ name, quantization: quantizationOf(name), files: inOrder, bytes, half }];
  });
  return choices.sort((a, b) => a.bytes - b.bytes);
}

export function choiceLabel({ name, quantization, bytes }: HubChoice): string {
  return [quantization, formatBytes(bytes), name].filter(Boolean).join(' · ');
}

const partNumber = ({ path }: HubFile): number => readShardName(path)?.number ?? 0;

/** As the field writes it at the end of a file's name. */
function quantizationOf(name: string): string {
  const found = name.match(
    /(?:^|[-._/])((?:I?Q\d+(?:_[A-Z0-9]+)*|BF16|F16|F32|FP16|FP32|MXFP4))(?=$|[-._ ])/gi,
  );
  return found
    ? found
        .at(-1)!
        .replace(/^[-._/]/, '')
        .toUpperCase()
    : '';
}
