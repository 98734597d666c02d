export {
  encodeRunLength,
  explicitLittleEndian,
  runLengthEncoded,
  writeDicom,
} from '../../scripts/dicom-writer.mjs';
