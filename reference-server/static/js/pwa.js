// Registers the service worker, once the page has what it needs itself.

if ('serviceWorker' in navigator) {
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}

function register() {
  navigator.serviceWorker.register('/sw.js').catch(() => {
    // A browser that keeps nothing (a private window, full storage) shows the pages all the same.
  });
}
