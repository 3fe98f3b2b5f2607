/** How far it had come. */
export type UpgradeStep = 'prepare' | 'try' | 'drain' | 'execute';

/** Why the version that runs goes on running. */
export interface UpgradeFailure {
  readonly step: UpgradeStep;
  /** What was said about it, or the name of an errno. */
  readonly reason: string;
}

export type UpgradeResult =
  /** The new version was tried and fits: this process ends, and the new one begins. */
  { readonly kind: 'going' } | { readonly kind: 'failed'; readonly failure: UpgradeFailure };

const SENTENCES: Readonly<Record<UpgradeStep, string>> = {
  prepare: 'the installed version is not ready to run',
  try: 'its spawner does not take over',
  drain: 'the dispatcher did not end',
  execute: 'its spawner could not be executed',
};

export function describeUpgradeFailure({ step, reason }: UpgradeFailure): string {
  return `${SENTENCES[step]}: ${reason}`;
}
