import type {
  DicomIdentity,
  DicomMeta,
  DicomWarning,
  NamedVoi,
  OfferedWindow,
  Rescale,
} from '../../engine/types/dicom.ts';
import type { StoredValues } from './pixels/stored-values.ts';

/** A file whose header was read. Its bytes are kept; frames are decoded one by one, when they are asked for. */
export interface DicomFile {
  readonly meta: DicomMeta;
  readonly identity: DicomIdentity;
  /** What the header tells. Frames have more. */
  readonly warnings: readonly DicomWarning[];
  /** `index` from 0, below `meta.framesReadable`. Fails with `damaged-image` or `unsupported-image`. */
  decodeFrame(index: number): Promise<DicomFrame>;
}

/** One frame's pixels, row by row. */
export interface DicomFrame {
  readonly index: number;
  readonly rows: number;
  readonly columns: number;
  /** 1: grey, or an index into a palette. 3: colour, a pixel's three samples beside one another. */
  readonly samples: 1 | 3;
  /** rows * columns * samples. */
  readonly stored: StoredValues;
  /** What three samples mean; of one, whether it is grey. */
  readonly space: 'grey' | 'palette' | 'rgb' | 'ybr';
  readonly rescale: Rescale | null;
  /** Valid ones, the first is what the file means to be seen. */
  readonly windows: readonly OfferedWindow[];
  /** All views of a grey frame, the default first; of a coloured one `default` alone, whatever its choice. */
  readonly views: readonly NamedVoi[];
  /** Whether the file itself wants black and white exchanged: MONOCHROME1, or Presentation LUT Shape INVERSE. */
  readonly isInverted: boolean;
  /** What only the pixels tell. */
  readonly warnings: readonly DicomWarning[];
  /** The value after the modality's scale, for `rows` and `columns` counted from 0; of grey frames. */
  modalityValue(row: number, column: number): number;
  /** The least and the greatest value after the modality's scale, padding left out. */
  readonly range: readonly [least: number, greatest: number];
  /**
   * 8 bits, one byte a pixel of a grey frame, three of a coloured one (which has no window: `choice` is not looked at).
   * `choice` null: as the file means it. `isExchanged`: black and white exchanged beyond what the file says.
   */
  render(choice: VoiChoiceOrDefault, isExchanged?: boolean): Uint8Array;
  /** As `render`, with three bytes a pixel in any case. */
  renderRgb(
    choice: VoiChoiceOrDefault,
    isExchanged?: boolean,
  ): { width: number; height: number; data: Uint8Array };
}

type VoiChoiceOrDefault = NamedVoi['choice'] | null;
