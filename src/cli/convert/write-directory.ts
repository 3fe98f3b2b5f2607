import { join } from 'node:path';
import { printDocument } from '../../config/print-document.ts';
import type { DocumentComments } from '../../config/render-yaml.ts';
import type { MapNode } from '../../config/syntax-node.ts';
import { keepServices } from '../../convert/keep-services.ts';
import { servicesIn } from '../../convert/services-in.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../../convert/tree.ts';
import { makeDirectory, writeNew } from './write-new.ts';

const MAIN = 'zinetd.yaml';
const SERVICES = 'services.d';

/** All but the services, which are in files of their own. */
function mainOf(root: MapNode): MapNode {
  const include = listNode([scalarNode(`${SERVICES}/*.yaml`, root.place)], root.place);
  const own = [...root.entries.values()].filter(({ key }) => key !== 'services');
  return mapNode([...own, entryOf('include', include)], root.place);
}

function fileOf(root: MapNode, name: string): MapNode {
  const kept = keepServices(root, new Set([name]));
  return mapNode(
    [...kept.entries.values()].filter(({ key }) => key === 'version' || key === 'services'),
    root.place,
  );
}

/**
 * A main file and one for each service in a directory, which is made; gives their paths. Throws UsageError for what is
 * there already, SyscallError for what cannot be written.
 */
export function writeDirectory(
  directory: string,
  { root, comments }: { readonly root: MapNode; readonly comments: DocumentComments },
): readonly string[] {
  const { head, beside, tail } = comments;
  makeDirectory(join(directory, SERVICES));
  const main = join(directory, MAIN);
  writeNew(main, printDocument(mainOf(root), { head, beside: new Map(), tail }));
  const paths = servicesIn(root).map(({ key }) => {
    const path = join(directory, SERVICES, `${key}.yaml`);
    writeNew(path, printDocument(fileOf(root, key), { head: [], beside, tail: [] }));
    return path;
  });
  return [main, ...paths];
}
