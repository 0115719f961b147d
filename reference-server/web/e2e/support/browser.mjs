// One Chromium for a test file, and people in it: each a context of its own that writes down whatever a careful
// eye would see in the developer tools.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

export const phone = { width: 360, height: 800 };
export const desktop = { width: 1280, height: 900 };

export async function launch() {
  return chromium.launch(launchOptions());
}

export function launchOptions() {
  return {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--no-first-run'],
  };
}

// The pages of people whose browsers run no scripts.
export const scriptless = new WeakSet();

// A person with a browser of their own.
export async function person(browser, options = {}) {
  const context = await browser.newContext({ viewport: phone, locale: 'en-GB', ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  if (options.javaScriptEnabled === false) scriptless.add(page);
  const complaints = [];
  const expected = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('requestfailed', (request) => {
    // Leaving a page ends what it was still asking for.
    const why = request.failure()?.errorText ?? '';
    // A browser without scripts does not fetch the modules that the page names.
    if (why === 'csp' && scriptless.has(page) && request.url().endsWith('.js')) return;
    if (why !== 'net::ERR_ABORTED') complaints.push(`request failed: ${request.url()} ${why}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`answer ${response.status()}: ${response.url()}`);
  });
  return {
    context,
    page,
    // Complaints that match are part of the test (a page that says 404).
    expect: (pattern) => expected.push(pattern),
    calm() {
      const left = complaints.filter((line) => !expected.some((pattern) => pattern.test(line)));
      assert.deepEqual(left, [], 'console errors, policy violations or failed requests');
    },
  };
}

// Nothing sticks out sideways on a phone.
export async function fits(page) {
  const { wide, wider } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - innerWidth,
    wider: [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1
        && !element.closest('.gallery, .sr-only') && element.checkVisibility())
      .slice(0, 3)
      .map((element) => element.outerHTML.slice(0, 120)),
  }));
  assert.ok(wide <= 0, `${page.url()} scrolls sideways by ${wide} px`);
  assert.deepEqual(wider, [], `${page.url()} has something beyond its right edge`);
}
