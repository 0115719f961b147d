// Builds ../static/app.css from app.css and the templates. With --check it builds beside it and fails when the
// committed file is not what the sources give, so that `cargo build` never needs Node and never lags behind.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const committed = join(here, '../static/app.css');
const tailwind = join(here, 'node_modules/.bin/tailwindcss');

function build(output) {
  execFileSync(tailwind, ['--input', 'app.css', '--output', output, '--minify'], { cwd: here, stdio: ['ignore', 'ignore', 'pipe'] });
}

if (process.argv.includes('--check')) {
  const folder = mkdtempSync(join(tmpdir(), 'kotha-css-'));
  try {
    build(join(folder, 'app.css'));
    const same = readFileSync(join(folder, 'app.css')).equals(readFileSync(committed));
    console.log(same ? 'static/app.css is up to date' : 'static/app.css is stale: run `npm run css` and commit it');
    process.exitCode = same ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  build(committed);
  console.log(`static/app.css: ${readFileSync(committed).length} bytes`);
}
