import type { Result, Scene } from '../lib/scene.d.mts';
import type { Line, Row } from './gate.d.mts';

/** Measures rows, those that seem worse twice, and says which are. */
export declare function judgeRows(
  session: {
    readonly hold: (scene: Scene, how: { rounds: number; seconds: number }) => Promise<readonly Result[]>;
    readonly tell: (line: string) => void;
  },
  options: {
    readonly rows: readonly Row[];
    readonly ratios: Readonly<Record<string, number>>;
    readonly rounds: number;
    readonly seconds: number;
  },
): Promise<readonly Line[]>;
