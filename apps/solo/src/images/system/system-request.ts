import type { ImageRecipe } from '../recipe/image-recipe.ts';

/** Asks for Debian with a recipe's packages, its setup done, as one tar. */
export interface SystemRequest {
  readonly recipe: ImageRecipe;
  /** Where downloads are kept between builds. */
  readonly downloads: string;
  /** Exists, is empty, and is removed afterwards. */
  readonly workFolder: string;
  readonly signal: AbortSignal;
}

/** A way to make such a system. It writes `target`, or throws. */
export interface SystemBuilder {
  /** Completes "Installing Debian packages …". */
  readonly name: string;
  build(request: SystemRequest, target: string): Promise<void>;
}
