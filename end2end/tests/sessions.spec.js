// Where one is signed in, and what happens to who was away: with script and without.
import { axe } from '../support/axe.js';
import { expect, test } from '../support/demo.js';
import { signIn } from '../support/journeys.js';
import { serve } from '../support/serve.js';

test.use({ world: 'sessions' });

const MINUTE = 60_000;

/** Another browser of the same person, signed in. */
async function elsewhere(browser, demo, person, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await signIn(page, demo, person, async () => {});
  await expect(page).toHaveURL(/\/home$/);
  return { context, page };
}

/** Ends every session but the one of this page. */
async function endOthers(page, demo) {
  await page.goto(`${demo.origin}/account/sessions`);
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(page.getByText('Everywhere else, you were signed out.')).toBeVisible();
}

test('a person sees where they are signed in and ends it', async ({ page, browser, demo, javaScriptEnabled }) => {
  const clean = axe(javaScriptEnabled);
  const person = demo.person('Morgan Ellis');
  // Other tests may have left sessions behind; with this one there is something to end for certain.
  const before = await elsewhere(browser, demo, person, { javaScriptEnabled });
  await before.context.close();
  await signIn(page, demo, person, clean);
  await endOthers(page, demo);
  const other = await elsewhere(browser, demo, person, { javaScriptEnabled });

  await page.goto(`${demo.origin}/account`);
  await page.getByRole('link', { name: 'See where you are signed in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Where you are signed in');
  await expect(page.getByRole('row').filter({ hasText: 'Chrome on Linux' })).toHaveCount(2);
  await expect(page.getByText('This is the one you use now')).toHaveCount(1);
  await clean(page);
  await page.getByRole('button', { name: /^Sign out there/ }).click();
  await expect(page.getByText('You are signed out there.')).toBeVisible();
  await expect(page.getByText('You are signed in only here.')).toBeVisible();
  await clean(page);

  // With script the page leaves by itself; either way its links lead no further than to signing in.
  if (javaScriptEnabled) await expect(other.page).toHaveURL(/\/sign-in$/);
  await other.page.goto(`${demo.origin}/records`);
  await expect(other.page).toHaveURL(/\/sign-in$/);
  await other.context.close();
});

test('who was refused reads of the ways on', async ({ page, demo, javaScriptEnabled }) => {
  const clean = axe(javaScriptEnabled);
  await page.goto(`${demo.origin}/sign-in`);
  await page.getByLabel('E-mail', { exact: true }).fill('nobody@demo.example');
  await page.getByLabel('Password', { exact: true }).fill('not the password at all');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('If it still doesn\'t work, here is what you can do:')).toBeVisible();
  await clean(page);
});

test('the warning comes in time, and one press stays signed in', { tag: '@script' }, async ({ page, demo }) => {
  const clean = axe(true);
  await page.clock.install();
  await signIn(page, demo, demo.person('Morgan Ellis'), async () => {});
  await page.goto(`${demo.origin}/exports`);
  await page.clock.fastForward(13 * MINUTE);
  await expect(page.getByRole('dialog')).toBeHidden();
  // LAW F4: at least 20 seconds before.
  await page.clock.fastForward(MINUTE + 1000);
  await expect(page.getByRole('dialog', { name: 'Are you still there?' })).toBeVisible();
  await clean(page);
  await page.getByRole('button', { name: 'Stay signed in' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.clock.fastForward(13 * MINUTE);
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page).toHaveURL(/\/exports$/);
});

test('another window of the same browser keeps this one from warning', { tag: '@script' }, async ({ page, demo }) => {
  await page.clock.install();
  await signIn(page, demo, demo.person('Morgan Ellis'), async () => {});
  await page.clock.fastForward(14 * MINUTE + 1000);
  await expect(page.getByRole('dialog', { name: 'Are you still there?' })).toBeVisible();
  const second = await page.context().newPage();
  await second.clock.install({ time: Date.now() + 15 * MINUTE });
  await second.goto(`${demo.origin}/home`);
  await expect(page.getByRole('dialog')).toBeHidden();
  await second.close();
});

test('a session that was ended elsewhere sends nobody anything', async ({ page, browser, demo, javaScriptEnabled }) => {
  const clean = axe(javaScriptEnabled);
  const person = demo.person('Morgan Ellis');
  await signIn(page, demo, person, clean);
  await page.goto(`${demo.origin}/exports`);
  const other = await elsewhere(browser, demo, person, { javaScriptEnabled });
  await endOthers(other.page, demo);
  await other.context.close();
  // With script the page leaves by itself; without, what it sends comes too late.
  if (!javaScriptEnabled) await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  // Ended on purpose: nobody was away, and nothing is kept.
  await expect(page.getByText('You were away for a while.')).toHaveCount(0);
});

test('what was typed comes back after a session ended by itself', async ({ browser, demo, javaScriptEnabled }) => {
  const clean = axe(javaScriptEnabled);
  const person = demo.person('Morgan Ellis');
  const portal = await serve(demo, { CONFIDE_SESSION__IDLE_MINUTES: '1' });
  const context = await browser.newContext({ javaScriptEnabled });
  const page = await context.newPage();
  try {
    await signIn(page, portal, person, clean);
    await page.goto(`${portal.origin}/exports`);
    const from = page.locator('input[name="from"]');
    await from.fill('2026-01-02');
    if (javaScriptEnabled) {
      // Half a minute before, for so short a session; then nobody presses anything.
      await expect(page.getByRole('dialog', { name: 'Are you still there?' })).toBeVisible({ timeout: MINUTE });
      await expect(page).toHaveURL(/\/sign-in$/, { timeout: MINUTE });
    } else {
      await page.waitForTimeout(MINUTE + 1000);
      await page.getByRole('button', { name: 'Go on' }).click();
      await expect(page).toHaveURL(/\/sign-in$/);
    }
    await expect(page.getByText('You were away for a while.')).toBeVisible();
    await clean(page);
    await signIn(page, portal, person, clean);
    await expect(page).toHaveURL(/\/exports$/);
    await expect(page.getByText('What you typed is here again')).toBeVisible();
    await expect(from).toHaveValue('2026-01-02');
    await clean(page);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirm it is you');
  } finally {
    await context.close();
    await portal.stop();
  }
});
