// A module of the pages. It is loaded from its text, as the served files carry no package.json that would tell Node what
// they are.
import { readFileSync } from 'node:fs';

export const load = (path) => import(address(path));

function address(path) {
  const file = new URL(path, new URL('../../static/js/', import.meta.url));
  const text = readFileSync(file, 'utf8').replace(/from '(\..*)'/g, (_, other) => `from '${address(new URL(other, file))}'`);
  return `data:text/javascript,${encodeURIComponent(text).replaceAll("'", '%27')}`;
}
