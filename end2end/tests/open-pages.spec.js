// Pages that are open close when what they show may no longer be seen: two browsers at once, and the time it takes from
// the click to the cleared page.
import { axe } from '../support/axe.js';
import { expect, test } from '../support/demo.js';
import { device, withoutFillIn } from '../support/device.js';
import { confirm, openChart, signIn } from '../support/journeys.js';

test.use({ world: 'open-pages' });

const RUNS = Number(process.env.CONFIDE_RUNS ?? 10);
// What is promised is a second, whatever else the machine does. On one that does nothing else it is to be 250 ms, which
// CONFIDE_P99_MS=250 holds it to (docs/performance.md).
const P99_MS = Number(process.env.CONFIDE_P99_MS ?? 1000);
const nothing = async () => {};

/** Gives Jordan a passkey: no code to wait for at each of many confirmations. */
async function givePasskey(page, demo, person) {
  await withoutFillIn(page);
  await device(page);
  await signIn(page, demo, person, nothing);
  await page.goto(`${demo.origin}/account`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await confirm(page, person, nothing);
  await page.getByLabel('A name for it').fill('Test');
  await page.getByRole('button', { name: 'Make the passkey' }).click();
  await expect(page).toHaveURL(`${demo.origin}/account`);
}

async function confirmByPasskey(page) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirm it is you');
  await page.getByRole('button', { name: 'Confirm with a passkey' }).click();
  await expect(page).not.toHaveURL(/\/step-up/);
}

/** Shares substance use care with Dr. Okafor; the consent's address. */
async function share(page, demo) {
  await page.goto(`${demo.origin}/sharing/new`);
  await page.getByRole('checkbox', { name: /^Dr. Amara Okafor/ }).check();
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('checkbox', { name: /^Treatment/ }).check();
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('checkbox', { name: /^Substance use care/ }).check();
  await page.getByRole('radio', { name: /^Yes, share what these programs wrote/ }).check();
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.locator('input[name="date"]').fill('2031-12-31');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page).toHaveURL(/\/sharing\/new\/review$/);
  await page.goto(`${demo.origin}/sharing/new/sign`);
  await page.getByLabel('Type your full name').fill('Jordan Reyes');
  await page.getByRole('button', { name: 'Sign and share' }).click();
  await confirmByPasskey(page);
  await page.getByRole('button', { name: 'Sign and share' }).click();
  await expect(page.getByText('You are now sharing')).toBeVisible();
  return page.url();
}

/** Up to the button that ends it. */
async function beforeRevoking(page, consent) {
  await page.goto(`${consent}/revoke`);
  await page.getByRole('button', { name: /^Revoke now/ }).click();
  await confirmByPasskey(page);
  const button = page.getByRole('button', { name: /^Revoke now/ });
  await button.evaluate((element) =>
    element.addEventListener('click', () =>
      sessionStorage.setItem('clicked', String(performance.timeOrigin + performance.now())),
    ),
  );
  return button;
}

function percentile(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)];
}

test('a revocation clears every open page of whom it concerns, and no other', { tag: '@script' }, async ({ browser, demo }) => {
  test.setTimeout(900_000);
  const clean = axe(true);
  const patient = await (await browser.newContext()).newPage();
  const desk = await browser.newContext();
  const clinician = await desk.newPage();
  const window = await desk.newPage();
  const colleague = await (await browser.newContext()).newPage();
  for (const page of [patient, clinician, window, colleague]) {
    page.on('pageerror', (error) => {
      throw error;
    });
  }
  await givePasskey(patient, demo, demo.person('Jordan Reyes'));
  await signIn(clinician, demo, demo.person('Okafor'), nothing);
  await signIn(colleague, demo, demo.person('Vasquez'), nothing);
  await openChart(colleague, demo, /Reyes/, nothing);

  await test.step('every window of the browser is cleared', async () => {
    const consent = await share(patient, demo);
    await openChart(clinician, demo, /Reyes/, nothing);
    await expect(clinician.getByText(/buprenorphine/i).first()).toBeVisible();
    const item = clinician.getByRole('link', { name: /buprenorphine/i }).first();
    await window.goto(new URL(await item.getAttribute('href'), demo.origin).href);
    await expect(window.getByText(/buprenorphine/i).first()).toBeVisible();
    const button = await beforeRevoking(patient, consent);
    await button.click();
    for (const page of [clinician, window]) {
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page was closed');
      await expect(page).toHaveTitle('Page closed');
      expect(await page.content()).not.toMatch(/buprenorphine|opioid|Harbor Light/i);
      await clean(page);
    }
    await expect(colleague.getByText(/buprenorphine/i).first()).toBeVisible();
    await expect(patient.getByText('You stopped this. Sharing has ended.')).toBeVisible();
    await clinician.getByRole('link', { name: 'Open it again' }).click();
    await expect(clinician.getByRole('heading', { level: 1, name: /Reyes/ })).toBeVisible();
    expect(await clinician.content()).not.toMatch(/buprenorphine/i);
    await window.close();
  });

  await test.step(`from the click to the cleared page, ${RUNS} times`, async () => {
    const times = [];
    for (let run = 0; run < RUNS; run += 1) {
      const consent = await share(patient, demo);
      await openChart(clinician, demo, /Reyes/, nothing);
      await expect(clinician.getByText(/buprenorphine/i).first()).toBeVisible();
      const button = await beforeRevoking(patient, consent);
      await button.click();
      await expect(clinician.locator('main[data-closed]')).toBeVisible();
      await expect(patient.getByText('You stopped this. Sharing has ended.')).toBeVisible();
      const clicked = Number(await patient.evaluate(() => sessionStorage.getItem('clicked')));
      const closed = Number(await clinician.locator('main').getAttribute('data-closed'));
      times.push(closed - clicked);
    }
    times.sort((a, b) => a - b);
    const [median, p95, p99] = [0.5, 0.95, 0.99].map((part) => Math.round(percentile(times, part)));
    console.log(`click to cleared, ${RUNS} runs: median ${median} ms, p95 ${p95} ms, p99 ${p99} ms`);
    expect(p99).toBeLessThan(P99_MS);
  });
  await expect(colleague.getByText(/buprenorphine/i).first()).toBeVisible();
});

test('a session that ends elsewhere leaves no page behind', { tag: '@script' }, async ({ browser, demo }) => {
  const okafor = demo.person('Okafor');
  const page = await (await browser.newContext()).newPage();
  await signIn(page, demo, okafor, nothing);
  await openChart(page, demo, /Reyes/, nothing);
  const elsewhere = await (await browser.newContext()).newPage();
  await signIn(elsewhere, demo, okafor, nothing);
  await elsewhere.goto(`${demo.origin}/account`);
  await elsewhere.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
});

test('without script a page says when it was true', { tag: '@no-script' }, async ({ browser, demo }) => {
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await signIn(page, demo, demo.person('Okafor'), nothing);
  await openChart(page, demo, /Reyes/, nothing);
  await expect(page.getByText(/^This page was true at/)).toBeVisible();
  await expect(page.getByText('This page was closed')).toHaveCount(0);
});
