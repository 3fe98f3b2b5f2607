import type { Sample, Scene } from './scene.d.mts';

/** The figures of a scene and what they are called. */
export declare function figuresOf(scene: Scene): Readonly<Record<string, string>>;

/** A figure of one measurement; some follow from others. */
export declare function figureOf(
  sample: Sample,
  of: { readonly scene: Scene; readonly figure: string },
): number | undefined;
