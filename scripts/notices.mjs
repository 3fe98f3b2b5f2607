import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = 'node_modules/';
const IS_LICENCE = /^(licen[cs]e|copying|notice)\b/i;
const INTRODUCTION =
  'zinetd is given on with parts of the packages below, each under the licence that is there with it.\n';

/** The directory of the package that a module is of; undefined for our own. */
function packageOf(moduleId) {
  const start = moduleId.lastIndexOf(MODULES) + MODULES.length;
  if (start < MODULES.length) return undefined;
  const [scope, name] = moduleId.slice(start).split('/');
  return moduleId.slice(0, start) + (scope.startsWith('@') ? join(scope, name) : scope);
}

/** What a package says of itself, and the text of its licence, if it brings one along. */
function noticeOf(directory) {
  const { name, version, license, author } = JSON.parse(
    readFileSync(join(directory, 'package.json'), 'utf8'),
  );
  const by = typeof author === 'object' ? author.name : author;
  const texts = readdirSync(directory)
    .filter((file) => IS_LICENCE.test(file))
    .sort()
    .map((file) => readFileSync(join(directory, file), 'utf8').trim());
  const title = `${name} ${version}, ${license}${by === undefined ? '' : `, by ${by}`}`;
  return [`${title}\n${'='.repeat(title.length)}`, ...texts, ''].join('\n\n');
}

/** The notices that the licences of packages ask for where parts of them are given on: by what went into a bundle. */
export function noticesOf(moduleIds) {
  const directories = new Set(moduleIds.map(packageOf).filter((directory) => directory !== undefined));
  const notices = new Set([...directories].map(noticeOf));
  return [INTRODUCTION, ...[...notices].sort()].join('\n');
}
