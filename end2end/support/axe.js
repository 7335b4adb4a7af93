// axe must find nothing, on any page, in any state. axe itself is a script: what a browser without script shows is
// looked at in a page beside it, with the same HTML and style sheets of the same origin.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const besides = new WeakMap();

/** A page with script at the same origin. One for all that is looked at: a page to each would be a process to each. */
async function besideOf(page) {
  const browser = page.context().browser();
  if (!besides.has(browser)) {
    const beside = await (await browser.newContext({ javaScriptEnabled: true })).newPage();
    const start = `${new URL(page.url()).origin}/looked-at`;
    await beside.route(start, (route) => route.fulfill({ body: '<!DOCTYPE html>', contentType: 'text/html' }));
    await beside.route('**', (route) =>
      route.request().resourceType() === 'script' ? route.abort() : route.fallback(),
    );
    await beside.goto(start);
    besides.set(browser, beside);
  }
  return besides.get(browser);
}

// How the page is to look: a test may ask for dark colours, or for the reader's own.
function looks(page) {
  const asked = () => ({
    colorScheme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
    forcedColors: matchMedia('(forced-colors: active)').matches ? 'active' : 'none',
    media: matchMedia('print').matches ? 'print' : 'screen',
  });
  return page.evaluate(asked);
}

async function lookedAt(page, scripts) {
  if (scripts) return page;
  const beside = await besideOf(page);
  await beside.setViewportSize(page.viewportSize());
  await beside.emulateMedia(await looks(page));
  // Where script runs, what stands there for a browser without it is no element and has no looks.
  const shown = (await page.content()).replace(/<(\/?)noscript>/g, '<$1div>');
  await beside.setContent(shown);
  return beside;
}

// Whether axe finds something hangs on elements and their attributes, and on whether there are words, not on which. A page
// whose like was clean before in this run is not looked at again: sign-in alone is passed a hundred times. Script or none
// makes no other like: what it does to a page stands in its elements.
async function likeness(page) {
  const html = await page.content();
  const shape = html
    .replace(/ (?:value|href|action|content|datetime|data-[a-z-]+)="[^"]*"/g, '')
    .replace(/>[^<]*[^<\s][^<]*</g, '>words<');
  const size = page.viewportSize();
  return createHash('sha256').update(JSON.stringify([size, await looks(page), shape])).digest('hex');
}

/** A check for pages of contexts with or without script; `always`: also of pages whose like was clean before. */
export function axe(scripts, { always = false } = {}) {
  return async function clean(page) {
    // Beside the folders of the tests, which a run empties when it begins.
    const folder = join(test.info().project.outputDir, 'clean');
    const like = join(folder, await likeness(page));
    if (!always && existsSync(like)) return;
    const path = new URL(page.url()).pathname;
    const target = await lookedAt(page, scripts);
    // No page holds another: axe needs no page of its own to gather what it found in each.
    const { violations } = await new AxeBuilder({ page: target }).setLegacyMode().analyze();
    const findings = violations.map((violation) => ({
      rule: violation.id,
      where: violation.nodes.map((node) => node.target.join(' ')).slice(0, 5),
    }));
    expect.soft(findings, `axe on ${path}`).toEqual([]);
    if (findings.length === 0) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(like, '');
    }
  };
}
