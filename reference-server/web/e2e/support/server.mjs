// Starts the built server with its own ports and data, and stops it again. Ready means that /healthz answers.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const readyWithinMs = 30_000;
const stopWithinMs = 10_000;
const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../../../target', import.meta.url));

function binary() {
  const named = process.env.KOTHA_BINARY;
  const found = [named, join(target, 'debug/kotha'), join(target, 'release/kotha')].find((path) => path && existsSync(path));
  if (!found) throw new Error('no kotha binary: run `cargo build` first, or set KOTHA_BINARY');
  return found;
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startServer(settings = {}) {
  const data = mkdtempSync(join(tmpdir(), 'kotha-e2e-'));
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const server = { url: `http://127.0.0.1:${port}`, sandbox: `http://127.0.0.1:${sandboxPort}`, log: '' };
  // Nothing of the caller's own configuration may leak into the test.
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KOTHA_')));
  const env = {
    ...clean,
    KOTHA_LISTEN: `127.0.0.1:${port}`,
    KOTHA_SANDBOX_LISTEN: `127.0.0.1:${sandboxPort}`,
    KOTHA_PUBLIC_URL: server.url,
    KOTHA_DATA_DIR: data,
    KOTHA_LOG: 'warn',
    ...settings,
  };
  let child = null;

  server.start = async () => {
    child = spawn(binary(), { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { server.log += text; });
    const until = Date.now() + readyWithinMs;
    while (Date.now() < until) {
      if (child.exitCode !== null) throw new Error(`the server ended:\n${server.log}`);
      const answer = await fetch(`${server.url}/healthz`).catch(() => null);
      if (answer?.ok) return;
      await pause(50);
    }
    throw new Error(`the server did not get ready:\n${server.log}`);
  };

  server.halt = async () => {
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const hard = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(hard);
  };

  server.stop = async () => {
    await server.halt();
    rmSync(data, { recursive: true, force: true });
  };

  await server.start();
  return server;
}
