// axe must find nothing, on any page, in any state. axe itself is a script: what a browser without script shows is
// looked at in a page beside it, with the same HTML at the same address and the same style sheets.
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';

const beside = new WeakMap();

async function lookedAt(page, scripts) {
  if (scripts) return page;
  const browser = page.context().browser();
  if (!beside.has(browser)) {
    beside.set(browser, await (await browser.newContext({ javaScriptEnabled: true })).newPage());
  }
  const other = beside.get(browser);
  const body = await page.content();
  const address = page.url();
  // Whatever the page before had begun ends with it, and does not cut short what comes.
  await other.goto('about:blank');
  await other.unrouteAll();
  await other.route(address, (route) => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }));
  // The page beside has no session: asked whether its page may stay open, the portal would tell it to leave.
  await other.route(/\/events\b/, (route) => route.abort());
  await other.goto(address);
  return other;
}

// Whether axe finds something hangs on elements and their attributes, and on whether there are words, not on which. A page
// whose like was clean before in this worker is not looked at again: sign-in alone is passed a hundred times.
const cleanBefore = new Set();

async function likeness(page) {
  const html = await page.content();
  const shape = html
    .replace(/ (?:value|href|action|content|datetime|data-[a-z-]+)="[^"]*"/g, '')
    .replace(/>[^<]*[^<\s][^<]*</g, '>words<');
  const size = page.viewportSize();
  return `${size?.width} ${size?.height} ${shape}`;
}

/** A check for pages of contexts with or without script; `always`: also of pages whose like was clean before. */
export function axe(scripts, { always = false } = {}) {
  return async function clean(page) {
    const like = await likeness(page);
    if (!always && cleanBefore.has(like)) return;
    const path = new URL(page.url()).pathname;
    const target = await lookedAt(page, scripts);
    const findings = (await new AxeBuilder({ page: target }).analyze()).violations.map((violation) => ({
      rule: violation.id,
      where: violation.nodes.map((node) => node.target.join(' ')).slice(0, 5),
    }));
    expect.soft(findings, `axe on ${path}`).toEqual([]);
    if (findings.length === 0) cleanBefore.add(like);
  };
}
