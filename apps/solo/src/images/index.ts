export { type BuildImagesOptions, type BuiltImage, buildImages, type ImageSources } from './build-images.ts';
export { latestImage } from './image-names.ts';
export { imageNeeds } from './image-needs.ts';
export { type ImageProgress, type ReportImageProgress } from './image-progress.ts';
export { listImages, type LocalImage } from './list-images.ts';
export { checkoutDirectory } from './local-images.ts';
export { type ImageEngine, openImageEngine } from './open-image-engine.ts';
export { type ImageArchivesOptions, writeImageArchives, type WrittenArchive } from './write-image-archives.ts';
