// What the server pushes becomes a notification, and a tap on it opens the chat. The words come with the push, in the
// language of whoever asked for it; there is nothing of the message in it.

const SERVICE = '/api/push/subscribe/';

self.addEventListener('push', (event) => event.waitUntil(show(event.data)));
self.addEventListener('notificationclick', (event) => event.waitUntil(open(event.notification)));
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)));

// What was told to who logs out is not for who comes after.
self.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  const leaves = method === 'POST' && ['/logout/', '/account/delete/'].includes(new URL(url).pathname);
  if (leaves) event.waitUntil(closeAll());
});

async function closeAll() {
  for (const notification of await self.registration.getNotifications()) notification.close();
}

// One a conversation: the next one takes its place, and is heard again.
async function show(data) {
  const told = read(data);
  await self.registration.showNotification(told.title, {
    body: told.body,
    tag: told.tag,
    renotify: Boolean(told.tag),
    lang: told.lang,
    icon: `${STATIC}icons/icon-192.png`,
    badge: `${STATIC}icons/badge-96.png`,
    data: { url: told.url },
  });
}

// A browser wants a notification for every push, also for one that can't be read.
function read(data) {
  try {
    const { title, body, tag, lang, url } = data.json();
    return { title: title || 'Kotha', body, tag, lang, url: url || '/chats/' };
  } catch {
    return { title: 'Kotha', url: '/chats/' };
  }
}

async function open(notification) {
  notification.close();
  const there = new URL(notification.data?.url ?? '/chats/', location.origin);
  if (there.origin !== location.origin) return;
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const same = windows.find((one) => new URL(one.url).pathname === there.pathname);
  // Another page stays where it is: something half written may stand there.
  if (same) await same.focus();
  else await self.clients.openWindow(there.href);
}

// The browser changed the subscription by itself: the server learns of the new one and forgets the old one.
async function renew(event) {
  const old = event.oldSubscription;
  const fresh = event.newSubscription ?? (old && (await self.registration.pushManager.subscribe(old.options)));
  if (fresh) {
    const answer = await tell('POST', fresh);
    // Nobody is signed in here any more.
    if (answer.status === 401) await fresh.unsubscribe();
  }
  if (old && old.endpoint !== fresh?.endpoint) await tell('DELETE', { endpoint: old.endpoint });
}

function tell(method, body) {
  return fetch(SERVICE, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}
