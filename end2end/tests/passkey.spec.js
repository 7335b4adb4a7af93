// Passkeys in a real browser with a virtual authenticator (WebAuthn automation over the DevTools protocol): add one,
// sign in with it, step up with it, remove it; and what must not work.
import { axe } from '../support/axe.js';
import { expect, test } from '../support/demo.js';
import { device, withoutFillIn } from '../support/device.js';
import { confirm, signIn } from '../support/journeys.js';

test.use({ world: 'passkey' });

const REFUSED = "That passkey didn't work.";

/** Up to the page that makes one. */
async function startAdding(page, demo, person, clean) {
  await page.goto(`${demo.origin}/account`);
  await clean(page);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await confirm(page, person, clean);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Add a passkey');
  await clean(page);
}

async function make(page, label) {
  await page.getByLabel('A name for it').fill(label);
  await page.getByRole('button', { name: 'Make the passkey' }).click();
}

async function add(page, demo, person, label, clean) {
  await startAdding(page, demo, person, clean);
  await make(page, label);
}

async function remove(page, label, confirmIt, person, clean) {
  await page.getByRole('link', { name: `Remove ${label}` }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Remove this passkey?');
  await clean(page);
  await page.getByRole('button', { name: 'Remove the passkey' }).click();
  await confirmIt(page, person, clean);
  await expect(page.getByText('We know that it is you.')).toBeVisible();
  await clean(page);
  await page.getByRole('button', { name: 'Remove the passkey' }).click();
  await expect(page.getByText('The passkey is gone.')).toBeVisible();
  await clean(page);
}

async function confirmByPasskey(page, _person, clean) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirm it is you');
  await clean(page);
  await page.getByRole('button', { name: 'Confirm with a passkey' }).click();
}

async function signOut(page) {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out');
}

async function signInByPasskey(page, demo) {
  await page.goto(`${demo.origin}/sign-in`);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
}

/** What the session's cookie holds. */
async function session(context) {
  return (await context.cookies()).find((cookie) => cookie.name === 'confide')?.value;
}

/** Waits for what the server answers to the last step of a ceremony. */
function answered(page, address) {
  return page.waitForResponse((response) => response.url().endsWith(address));
}

test('a passkey is added, signs in, steps up, is removed', { tag: '@script' }, async ({ browser, demo }) => {
  const clean = axe(true);
  const jordan = demo.person('Jordan Reyes');
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  await withoutFillIn(page);
  const phone = await device(page);
  const elsewhere = await (await browser.newContext()).newPage();

  await test.step('the account says what there is', async () => {
    await signIn(elsewhere, demo, jordan, clean);
    await signIn(page, demo, jordan, clean);
    await page.getByRole('link', { name: 'Account', exact: true }).click();
    await expect(page.getByText('You have no passkey yet.')).toBeVisible();
    await expect(page.getByText(jordan.sign_in)).toBeVisible();
    await expect(page.getByText('Your app is set up.')).toBeVisible();
    await clean(page);
  });

  await test.step('nothing is made without a fresh factor', async () => {
    await page.goto(`${demo.origin}/account/passkeys/new`);
    await expect(page).toHaveURL(`${demo.origin}/account`);
    const status = await page.evaluate(async () => {
      const answer = await fetch('/account/passkeys/start', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{}',
      });
      return answer.status;
    });
    expect(status).toBe(403);
  });

  await startAdding(page, demo, jordan, clean);

  await test.step('a device that does not verify the person makes none', async () => {
    const beside = await context.newPage();
    const weak = await device(beside, { hasUserVerification: false, isUserVerified: false });
    await beside.goto(`${demo.origin}/account/passkeys/new`);
    // The browser keeps to what the portal asks for: it says no by itself.
    await make(beside, 'Not verified');
    await expect(beside.getByText('your browser or your device stopped it')).toBeVisible();
    await clean(beside);
    // Told otherwise on the way, it makes one, and the portal says no.
    await beside.route('**/account/passkeys/start', async (route) => {
      const response = await route.fetch();
      const options = await response.json();
      expect(options.publicKey.authenticatorSelection).toMatchObject({
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      });
      options.publicKey.authenticatorSelection.userVerification = 'discouraged';
      delete options.publicKey.extensions;
      await route.fulfill({ response, json: options });
    });
    const finished = answered(beside, '/account/passkeys/finish');
    await make(beside, 'Not verified');
    expect((await finished).status()).toBe(422);
    expect(await weak.passkeys()).toHaveLength(1);
    await expect(beside.getByText("That passkey couldn't be added.")).toBeVisible();
    await clean(beside);
    await beside.close();
  });

  await test.step('a passkey is added; the other session ends', async () => {
    await make(page, 'My phone');
    await expect(page.getByText('Your new passkey works now.')).toBeVisible();
    await expect(page.getByRole('rowheader', { name: 'My phone' })).toBeVisible();
    await clean(page);
    const [made] = await phone.passkeys();
    expect(made.isResidentCredential).toBe(true);
    await page.reload();
    await expect(page.getByText('Your new passkey works now.')).toHaveCount(0);
    await elsewhere.goto(`${demo.origin}/home`);
    await expect(elsewhere).toHaveURL(`${demo.origin}/sign-in`);
  });

  await test.step('the same device is not added twice', async () => {
    await add(page, demo, jordan, 'Again', clean);
    await expect(page.getByText('This device has a passkey for your account already.')).toBeVisible();
    await clean(page);
  });

  await test.step('it signs in without a name, under a new cookie', async () => {
    await signOut(page);
    const before = await session(context);
    await signInByPasskey(page, demo);
    await expect(page).toHaveURL(`${demo.origin}/home`);
    const after = await session(context);
    expect(after).toBeTruthy();
    expect(after).not.toBe(before);
    await page.goto(`${demo.origin}/account`);
    await expect(page.getByText('Not yet')).toHaveCount(0);
  });

  let sent;
  await test.step('an answer serves once', async () => {
    await signOut(page);
    const request = page.waitForRequest('**/sign-in/passkey/finish');
    await signInByPasskey(page, demo);
    sent = (await request).postData();
    await expect(page).toHaveURL(`${demo.origin}/home`);
    await signOut(page);
    const again = await page.evaluate(async (body) => {
      const send = (address, body) =>
        fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
      const without = await send('/sign-in/passkey/finish', body);
      await send('/sign-in/passkey/start', '{}');
      const withAnother = await send('/sign-in/passkey/finish', body);
      await send('/sign-in/passkey/start', '{}');
      const nonsense = await send('/sign-in/passkey/finish', '{"id":"');
      const form = await fetch('/sign-in/passkey/start', { method: 'POST', body: new URLSearchParams({ a: 'b' }) });
      return [without.status, withAnother.status, nonsense.status, form.status];
    }, sent);
    expect(again).toEqual([422, 422, 400, 415]);
  });

  await test.step('it does not sign in unless it verifies the person', async () => {
    await phone.verifies(false);
    await page.route('**/sign-in/passkey/start', async (route) => {
      const response = await route.fetch();
      const options = await response.json();
      expect(options.publicKey.userVerification).toBe('required');
      expect(options.publicKey.allowCredentials).toEqual([]);
      options.publicKey.userVerification = 'discouraged';
      await route.fulfill({ response, json: options });
    });
    const finished = answered(page, '/sign-in/passkey/finish');
    await signInByPasskey(page, demo);
    expect((await finished).status()).toBe(422);
    await expect(page.getByText(REFUSED)).toBeVisible();
    await clean(page);
    await page.unroute('**/sign-in/passkey/start');
    // And when nothing was tampered with, the browser itself asks for it and says no.
    await signInByPasskey(page, demo);
    await expect(page.getByText('your browser or your device stopped it')).toBeVisible();
    await phone.verifies(true);
  });

  await test.step('a copy whose counter lags behind is refused', async () => {
    const [own] = await phone.passkeys();
    expect(own.signCount).toBeGreaterThan(1);
    await phone.forgetAll();
    await phone.put({ ...own, signCount: 1 });
    const finished = answered(page, '/sign-in/passkey/finish');
    await signInByPasskey(page, demo);
    expect((await finished).status()).toBe(422);
    await expect(page.getByText(REFUSED)).toBeVisible();
    await phone.forgetAll();
    await phone.put({ ...own, signCount: own.signCount + 10 });
    await signInByPasskey(page, demo);
    await expect(page).toHaveURL(`${demo.origin}/home`);
  });

  await test.step('it steps up for what was asked, and for nothing else', async () => {
    await page.goto(`${demo.origin}/exports`);
    await page.getByRole('radio', { name: 'PDF' }).check();
    await page.getByRole('button', { name: 'Go on' }).click();
    await confirmByPasskey(page, jordan, clean);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your copy is ready');
    // The factor was for the copy.
    await page.goto(`${demo.origin}/account/passkeys/new`);
    await expect(page).toHaveURL(`${demo.origin}/account`);
  });

  await test.step('removed, it signs in no more', async () => {
    await remove(page, 'My phone', confirmByPasskey, jordan, clean);
    await expect(page.getByText('You have no passkey yet.')).toBeVisible();
    await signOut(page);
    const finished = answered(page, '/sign-in/passkey/finish');
    await signInByPasskey(page, demo);
    expect((await finished).status()).toBe(422);
    await expect(page.getByText(REFUSED)).toBeVisible();
    await expect(page).toHaveURL(`${demo.origin}/sign-in`);
  });

  await context.close();
  await elsewhere.context().close();
});

test("somebody else's passkey opens somebody else's account, and their pages are their own", { tag: '@script' }, async ({ browser, demo }) => {
  const clean = axe(true);
  const morgan = demo.person('Morgan Ellis');
  const context = await browser.newContext();
  const page = await context.newPage();
  await withoutFillIn(page);
  await device(page);
  await signIn(page, demo, morgan, clean);
  await add(page, demo, morgan, '', clean);
  await expect(page.getByRole('rowheader', { name: 'Passkey without a name' })).toBeVisible();
  const mine = await page.getByRole('link', { name: 'Remove Passkey without a name' }).getAttribute('href');

  const vasquez = demo.person('Vasquez');
  const other = await (await browser.newContext()).newPage();
  await signIn(other, demo, vasquez, clean);
  for (const path of [mine, '/account/passkeys/nothing/remove']) {
    const answer = await other.goto(demo.origin + path);
    expect(answer.status()).toBe(404);
  }
  await context.close();
  await other.context().close();
});

test('where the browser can, it offers the passkey in the field for the name', { tag: '@script' }, async ({ browser, demo }) => {
  const clean = axe(true);
  const okafor = demo.person('Okafor');
  const context = await browser.newContext();
  const page = await context.newPage();
  await device(page);
  // With nobody there to choose, the virtual authenticator takes the first passkey it has as soon as it has one.
  await signIn(page, demo, okafor, clean);
  await add(page, demo, okafor, 'Office computer', clean);
  await expect(page.getByText('Your new passkey works now.')).toBeVisible();
  await signOut(page);
  await page.goto(`${demo.origin}/sign-in`);
  await expect(page).toHaveURL(`${demo.origin}/patients`);
  await context.close();
});

test('without script the account is complete and says what needs script', { tag: '@no-script' }, async ({ browser, demo, javaScriptEnabled }) => {
  const clean = axe(false);
  const lindqvist = demo.person('Lindqvist');
  const page = await (await browser.newContext({ javaScriptEnabled })).newPage();
  const elsewhere = await (await browser.newContext({ javaScriptEnabled })).newPage();
  await page.goto(`${demo.origin}/sign-in`);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCount(0);
  await signIn(elsewhere, demo, lindqvist, clean);
  await signIn(page, demo, lindqvist, clean);
  await page.getByRole('link', { name: 'Account', exact: true }).click();
  // Playwright looks for text everywhere but within `noscript`.
  await expect(page.locator('noscript p')).toBeVisible();
  await expect(page.locator('noscript p')).toContainText('Passkeys need JavaScript.');
  await clean(page);
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(page.getByText('Everywhere else, you were signed out.')).toBeVisible();
  await clean(page);
  await elsewhere.reload();
  await elsewhere.goto(`${demo.origin}/patients`);
  await expect(elsewhere).toHaveURL(`${demo.origin}/sign-in`);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account');
});
