// The switch "Tell me about new messages": whether this browser is subscribed, and subscribing it. What counts is what
// the server knows: a subscription that belongs to nobody who is logged in here is off.

const service = '/api/push/subscribe/';
const supported = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

notify();

// Shows the state of the switch on the page.
async function notify() {
  const place = document.querySelector('[data-notify]');
  if (!place) return;
  const button = place.querySelector('[data-notify-switch]');
  button.addEventListener('click', () => turn(place, button));
  show(place, supported ? await state(place).catch(() => 'off') : 'unsupported');
}

async function turn(place, button) {
  if (button.getAttribute('aria-busy') === 'true') return;
  const on = button.getAttribute('aria-checked') !== 'true';
  button.setAttribute('aria-busy', 'true');
  try {
    show(place, on ? await subscribe(place) : await unsubscribe());
  } catch {
    show(place, 'trouble', !on);
  } finally {
    button.removeAttribute('aria-busy');
  }
}

// One of: off, on, denied, unsupported, trouble.
function show(place, state, on = state === 'on') {
  const button = place.querySelector('[data-notify-switch]');
  button.setAttribute('aria-checked', String(on));
  button.disabled = state === 'denied' || state === 'unsupported';
  for (const words of place.querySelectorAll('[data-when]')) words.hidden = words.dataset.when !== state;
}

async function state(place) {
  if (Notification.permission === 'denied') return 'denied';
  const subscription = await current();
  const known = subscription && knownHere(place).get(await tagOf(subscription.endpoint));
  if (!known || Notification.permission !== 'granted') return 'off';
  // The person changed the language since: what is told changes with it.
  if (known !== document.documentElement.lang) await tell('POST', subscription);
  return 'on';
}

async function subscribe(place) {
  const permission = await Notification.requestPermission();
  if (permission !== 'granted') return permission === 'denied' ? 'denied' : 'off';
  await navigator.serviceWorker.register('/sw.js');
  const { pushManager } = await navigator.serviceWorker.ready;
  const key = bytes(place.dataset.key);
  let subscription = await pushManager.getSubscription();
  // One for another key is no use: the server changed its own, or this address had another server before.
  if (subscription && !alike(new Uint8Array(subscription.options.applicationServerKey ?? []), key)) {
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await tell('POST', subscription);
  return 'on';
}

async function unsubscribe() {
  const subscription = await current();
  if (subscription) {
    await tell('DELETE', { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  return 'off';
}

async function current() {
  const registration = await navigator.serviceWorker.getRegistration('/');
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function tell(method, body) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  const answer = await fetch(service, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${service}: ${answer.status}`);
}

// What the server knows of this session: names of subscriptions, each with its language.
function knownHere(place) {
  return new Map(place.dataset.known.split(' ').filter(Boolean).map((one) => one.split('=')));
}

// The name of a subscription on the pages: the beginning of its endpoint's SHA-256.
async function tagOf(endpoint) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint)));
  return [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytes(base64url) {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function alike(one, other) {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
