// The screenshots of the browser tests lie in one folder: a name that is used twice would hide a page.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

test('each screenshot has a name of its own', () => {
  const folder = new URL('../e2e/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.test.mjs'));
  const names = files.flatMap((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    return [...text.matchAll(/\blook\w*\([\w.]+, ['`]([^'`]+)['`]/g)].map(([, name]) => name);
  });
  assert.ok(names.length > 60, 'they are found');
  assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
});
