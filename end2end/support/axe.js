// axe must find nothing, on any page, in any state. It runs in a context of its own with script on, so the page
// of a context without script is looked at as that page's HTML is.
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';

export async function clean(page) {
  const findings = (await new AxeBuilder({ page }).analyze()).violations.map((violation) => ({
    rule: violation.id,
    where: violation.nodes.map((node) => node.target.join(' ')).slice(0, 5),
  }));
  expect(findings, `axe on ${new URL(page.url()).pathname}`).toEqual([]);
}
