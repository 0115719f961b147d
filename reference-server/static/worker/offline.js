// The pages' files from a cache, and a page that says so when there is no network. Kept are files that everybody gets,
// by their versioned address, and the two offline pages, which know nobody. No page and no answer of the API is ever
// kept: after a log-out there is nothing to find.
//
// `STATIC`, the folder of this version's files, is set by /sw.js.

const CACHE = `kotha ${STATIC}`;
const OFFLINE = { en: '/offline/en/', ne: '/offline/ne/' };
const SHELL = ['app.css', 'icon.svg', 'js/pwa.js', 'js/offline.js', 'js/backoff.js'];
const LANGUAGE = `${STATIC}language`;
// Whatever headers the one who asks has: what is kept here is the same for all.
const ALIKE = { ignoreVary: true };

let language;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') event.respondWith(page(event));
  else if (request.url.startsWith(`${location.origin}${STATIC}`)) event.respondWith(file(request));
});

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll([...Object.values(OFFLINE), ...SHELL.map((path) => STATIC + path)]);
  await self.skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith('kotha ') && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  // The browser asks for a page while this worker starts: on a cheap phone that takes a while.
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function page(event) {
  let answer;
  try {
    answer = (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return offlinePage();
  }
  event.waitUntil(remember(answer.headers.get('Content-Language')));
  return answer;
}

// A file of this version never changes, so the first one is as good as any.
async function file(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, ALIKE);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

async function offlinePage() {
  const cache = await caches.open(CACHE);
  const known = language ?? (await (await cache.match(LANGUAGE, ALIKE))?.text()) ?? navigator.language.slice(0, 2);
  return (await cache.match(OFFLINE[known] ?? OFFLINE.en, ALIKE)) ?? Response.error();
}

// The language of the last page, for the one that comes without the server.
async function remember(used) {
  if (!used || used === language) return;
  language = used;
  const cache = await caches.open(CACHE);
  await cache.put(LANGUAGE, new Response(used));
}
