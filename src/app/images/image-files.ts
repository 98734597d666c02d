/** Files that can be asked about, as an input's `accept`. */
export const imageFiles = 'image/*,application/dicom,.dcm,.dicom,.ima';
