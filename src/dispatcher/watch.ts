import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type FSWatcher, watch as watchDirectory } from 'chokidar';
import type { FileSignature, WatchedFile, WatchedGlob } from '../model/file-signature.ts';
import { matchesAnyGlob } from './matches-any-glob.ts';
import { Signatures } from './signatures.ts';
import type { World } from './world.ts';

/** A file that stays as it is for so long has been written to its end. Also what bounds reloads: two a second. */
const SETTLE_MS = 500;

/** A file that is written all the time is taken as it is after so many looks, every five seconds. */
const MOST_LOOKS = 10;

/**
 * Hints of a directory, until the next look. Whoever writes into it all the time, such as a log beside the configuration, would
 * have it read anew for every record, which cost a sixth of all connections a second.
 */
const MOST_HINTS = 32;

/** A directory that is not there is no failure: the one above it tells when it comes. */
const COMES_LATER: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

/** What to watch. */
export interface WatchPlan {
  readonly watched: readonly WatchedFile[];
  /** Where more files may appear. */
  readonly globs?: readonly WatchedGlob[] | undefined;
  /** Whether files of the configuration are among them; otherwise nobody wants to have those watched. */
  readonly isWatchingItself?: boolean | undefined;
}

export interface WatchHandlers {
  /** Some of the files are others than when they were read, or when this was last called. */
  onChange(): void;
  /** Changes in this directory go unnoticed; said once. */
  onFailed(directory: string, code: string): void;
}

/** All directories that lead to a file, so that one of them being replaced is noticed, too. */
function directoriesTo(path: string): readonly string[] {
  const directory = dirname(path);
  return directory === path ? [] : [directory, ...directoriesTo(directory)];
}

/** The file itself and what it is a link to; a link on the way may point elsewhere tomorrow. */
async function placesOf(path: string): Promise<readonly string[]> {
  const real = await realpath(path).catch(() => path);
  return real === path ? [path] : [path, real];
}

/**
 * Watches files by the directories that lead to them: the sandbox lets nobody read a directory, but inotify and
 * stat need no permission of Landlock's. What a directory tells is only a hint to look at the files again; so
 * renaming over a file, deleting and making it, and swapping a link are all the same. Of a file that nobody knew of
 * the hint has the name.
 */
export class Watch {
  readonly #world: Pick<World, 'after'>;
  readonly #handlers: WatchHandlers;
  #files = new Set<string>();
  #globs: readonly WatchedGlob[] = [];
  #isWatchingItself = false;
  /** Directories of `globs` of which something may have been missed before they were watched. */
  readonly #unsure = new Set<string>();
  #told = new Signatures();
  #seen = new Signatures();
  /** By path and identity: another directory of the same name needs another watch. */
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #failed = new Set<string>();
  #isLooking = false;
  #looks = 0;
  /** One step after the other. */
  #steps: Promise<void> = Promise.resolve();

  constructor(world: Pick<World, 'after'>, handlers: WatchHandlers) {
    this.#world = world;
    this.#handlers = handlers;
  }

  /** Watches these files instead of those before. What changed since they were read is told of, too. */
  watch({ watched, globs = [], isWatchingItself = false }: WatchPlan): void {
    this.#next(async () => {
      // What has been met while that configuration was read, and not told of.
      this.#files = new Set([...this.#files].filter((path) => !this.#told.has(path)));
      this.#told = new Signatures();
      this.#globs = globs;
      this.#isWatchingItself = isWatchingItself;
      await this.#add(watched);
    });
  }

  /** What a configuration was made from that is not in force: once it is mended, it is worth another try. */
  watchAlso({ watched, globs = [] }: WatchPlan): void {
    this.#next(async () => {
      if (!this.#isWatchingItself) return;
      const known = new Set(globs.map(({ pattern }) => pattern));
      this.#globs = [...this.#globs.filter(({ pattern }) => !known.has(pattern)), ...globs];
      await this.#add(watched);
    });
  }

  async #add(files: readonly WatchedFile[]): Promise<void> {
    for (const { path } of files) this.#files.add(path);
    this.#told = new Signatures(new Map([...this.#told.entries(), ...(await this.#asRead(files))]));
    await this.#watchDirectories();
  }

  /** A file that was read by somebody who may see more than this process is taken as it looks from here. */
  async #asRead(files: readonly WatchedFile[]): Promise<ReadonlyMap<string, FileSignature>> {
    const seen = new Map(files.map(({ path, signature }) => [path, signature]));
    for (const [path, now] of (await Signatures.of(seen.keys())).entries()) {
      if (now.identity === undefined && !COMES_LATER.has(now.state)) seen.set(path, now);
    }
    return seen;
  }

  /** Done with everything asked for so far; for tests. */
  settled(): Promise<void> {
    return this.#steps;
  }

  #next(step: () => Promise<void>): void {
    this.#steps = this.#steps.then(step);
  }

  async #watchDirectories(): Promise<void> {
    const places = (await Promise.all(Array.from(this.#files, placesOf))).flat();
    const listed = this.#globs.map(({ directory }) => directory);
    const needed = new Set([...places.map(dirname), ...listed]);
    const directories = await Signatures.of(new Set([...places.flatMap(directoriesTo), ...needed]));
    const wanted = new Map<string, string>();
    for (const [path, { identity, state }] of directories.entries()) {
      if (identity !== undefined) wanted.set(`${identity} ${path}`, path);
      else if (needed.has(path) && !COMES_LATER.has(state)) this.#fail(path, state);
    }
    for (const [key, watcher] of this.#watchers) {
      if (wanted.has(key)) continue;
      this.#watchers.delete(key);
      await watcher.close();
    }
    for (const [key, path] of wanted) {
      if (!this.#watchers.has(key)) this.#open({ key, directory: path, isNeeded: needed.has(path) });
    }
  }

  /**
   * One watcher each: chokidar takes a directory that it cannot read for an empty one, and drops what it watches
   * below. A closed directory further up is nothing unusual.
   */
  #open(place: { readonly key: string; readonly directory: string; readonly isNeeded: boolean }): void {
    const { key, directory, isNeeded } = place;
    // Nothing in it is of interest by itself, or chokidar would watch that, too.
    const ignored = (path: string): boolean => path !== directory;
    const watcher = watchDirectory(directory, { depth: 0, ignoreInitial: true, ignored });
    let hints = 0;
    watcher.on('raw', (_, name: string | null) => {
      if (++hints >= MOST_HINTS) this.#rest(key, directory);
      this.#hint(name === null ? undefined : { directory, name });
    });
    watcher.on('ready', () => {
      this.#unsure.add(directory); // what happened until now was told to nobody
      this.#hint();
    });
    watcher.on('error', (error) => {
      if (isNeeded) this.#fail(directory, (error as NodeJS.ErrnoException).code ?? 'EIO');
    });
    this.#watchers.set(key, watcher);
  }

  /**
   * Does not listen to a directory until the next look, which opens what is not open, and which what is then `ready` asks
   * for once more. Where files may appear that nobody knows of, every hint counts for its name.
   */
  #rest(key: string, directory: string): void {
    if (this.#globs.some((glob) => glob.directory === directory)) return;
    const watcher = this.#watchers.get(key);
    this.#watchers.delete(key);
    void watcher?.close();
  }

  /** Whether the directories that are watched since a moment ago are as they were when they were listed. */
  async #areSure(): Promise<boolean> {
    const globs = this.#globs.filter(({ directory }) => this.#unsure.has(directory));
    this.#unsure.clear();
    const then = new Signatures(new Map(globs.map(({ directory, signature }) => [directory, signature])));
    return (await Signatures.of(globs.map(({ directory }) => directory))).equals(then);
  }

  #fail(directory: string, code: string): void {
    if (this.#failed.has(directory)) return;
    this.#failed.add(directory);
    this.#handlers.onFailed(directory, code);
  }

  #hint(entry?: { readonly directory: string; readonly name: string }): void {
    if (entry) this.#meet(entry.directory, entry.name);
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#next(async () => {
      this.#seen = await Signatures.of(this.#files);
      this.#lookLater();
    });
  }

  /** One that nobody knew of, and that an `include` would take in. */
  #meet(directory: string, name: string): void {
    const globs = this.#globs.filter((glob) => glob.directory === directory);
    if (globs.length > 0 && matchesAnyGlob(globs, name)) this.#files.add(join(directory, name));
  }

  #lookLater(): void {
    this.#world.after(SETTLE_MS, () => this.#next(() => this.#look()));
  }

  async #look(): Promise<void> {
    this.#isLooking = false; // what comes from here on may be newer than what is seen now
    const now = await Signatures.of(this.#files);
    const settled = now.equals(this.#seen) || ++this.#looks >= MOST_LOOKS;
    if (!settled) return this.#hint();
    this.#looks = 0;
    await this.#watchDirectories();
    if ((await this.#areSure()) && now.equals(this.#told)) return;
    this.#told = now;
    this.#handlers.onChange();
  }
}
