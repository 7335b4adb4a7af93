// From a code on paper to an account, and back in after a loss: with script by a passkey and nothing else, without script
// by a password and an authenticator app. axe looks at every page on the way.
import { axe } from '../support/axe.js';
import { expect, test } from '../support/demo.js';
import { device, withoutFillIn } from '../support/device.js';
import { Authenticator } from '../support/totp.js';

test.use({ world: 'join' });

const PASSWORD = 'purple tugboat argument';

const heading = (page, words) => expect(page.getByRole('heading', { level: 1 })).toHaveText(words);
const goOn = (page) => page.getByRole('button', { name: 'Go on', exact: true }).click();

/** Up to the page that asks for a password. */
async function begin(page, demo, email, clean) {
  await page.goto(`${demo.origin}/`);
  await page.getByRole('link', { name: 'Join with a code from your clinic' }).click();
  await heading(page, 'Join with your code');
  await clean(page);
  const sheet = page.locator('.demo-sheet');
  const [code, birth] = await sheet.locator('code').allTextContents();
  const [month, day, year] = birth.split('/');

  // A wrong birth date: the page comes back and says what to do; the code is not shown again.
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByLabel('Your birth date').fill('1950-01-01');
  await goOn(page);
  await expect(page.getByRole('link', { name: /don't open anything/ })).toBeVisible();
  await expect(page.getByLabel('Code', { exact: true })).toHaveValue('');
  await clean(page);
  await page.getByLabel('Code', { exact: true }).fill(code.toLowerCase().replaceAll('-', ' '));
  await page.getByLabel('Your birth date').fill(`${year}-${month}-${day}`);
  await goOn(page);

  await heading(page, 'Which e-mail do you want to sign in with?');
  await clean(page);
  await page.getByLabel('E-mail', { exact: true }).fill('riley');
  await goOn(page);
  await expect(page.getByRole('link', { name: 'Type a whole e-mail, like name@example.com' })).toBeVisible();
  await expect(page.getByLabel('E-mail', { exact: true })).toHaveValue('riley');
  await clean(page);
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await goOn(page);
  await heading(page, 'Choose a password');
  await clean(page);
}

async function typePassword(page, password) {
  await page.getByLabel('New password').fill(password);
  await page.getByLabel('The same password again').fill(password);
}

/** Keeps the ten codes; they are shown once. */
async function keepCodes(page, clean) {
  await heading(page, 'Keep your recovery codes');
  await clean(page);
  const codes = await page.locator('.code-list code').allTextContents();
  expect(codes).toHaveLength(10);
  await goOn(page);
  await expect(page.getByRole('link', { name: /Write the codes down first/ })).toBeVisible();
  await clean(page);
  await page.getByLabel('I have kept them').check();
  await goOn(page);
  return codes;
}

async function readNotice(page, clean) {
  await heading(page, 'Please read the privacy notice');
  await expect(page.getByText('HOW HEALTH INFORMATION ABOUT YOU MAY BE USED AND DISCLOSED')).toBeVisible();
  await clean(page);
  await page.getByRole('button', { name: 'I have read it: open my account' }).click();
  await heading(page, /Riley/);
  await clean(page);
}

/** Sets up an app on the page that shows its secret. */
async function setUpApp(page, clean) {
  await expect(page.getByRole('img', { name: /picture for your app/ })).toBeVisible();
  await clean(page);
  const app = new Authenticator(await page.locator('code.secret').textContent());
  await page.getByLabel('Code from your app').fill('000000');
  await goOn(page);
  await expect(page.getByRole('link', { name: /That code didn't work/ })).toBeVisible();
  await clean(page);
  await page.getByLabel('Code from your app').fill(await app.next());
  await goOn(page);
  return app;
}

async function signOut(page) {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await heading(page, 'You are signed out');
}

async function confirm(page, app, clean) {
  await heading(page, 'Confirm it is you');
  await clean(page);
  await page.getByLabel('Code', { exact: true }).fill(await app.next());
  await page.getByRole('button', { name: 'Confirm', exact: true }).click();
}

test('joining with a passkey and no password', { tag: '@script' }, async ({ browser, demo }) => {
  const clean = axe(true);
  const page = await (await browser.newContext()).newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  await withoutFillIn(page);
  const phone = await device(page);

  await test.step('the questions', async () => {
    await begin(page, demo, 'riley@example.org', clean);
    await page.getByRole('button', { name: 'Use a passkey, no password' }).click();
    await heading(page, 'Your second step');
    // Without a password an app would be one factor: it is not offered.
    await expect(page.getByRole('radio')).toHaveCount(1);
    await clean(page);
    await page.getByRole('radio', { name: 'A passkey' }).check();
    await goOn(page);
    await heading(page, 'Add a passkey');
    await clean(page);
  });

  await test.step('a device that does not know its owner makes none', async () => {
    await phone.verifies(false);
    await page.getByRole('button', { name: 'Make the passkey' }).click();
    await expect(page.getByText('your browser or your device stopped it')).toBeVisible();
    await phone.verifies(true);
  });

  await test.step('the passkey, the codes, the notice', async () => {
    await page.getByLabel('A name for it').fill('Phone');
    await page.getByRole('button', { name: 'Make the passkey' }).click();
    await keepCodes(page, clean);
    await readNotice(page, clean);
    expect(await phone.passkeys()).toHaveLength(1);
    await page.goto(`${demo.origin}/account`);
    await expect(page.getByText('You have no password. You sign in with a passkey.')).toBeVisible();
    await expect(page.getByText('You have 10 recovery codes left.')).toBeVisible();
    await clean(page);
  });

  await test.step('the passkey signs in', async () => {
    await signOut(page);
    await page.goto(`${demo.origin}/sign-in`);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await heading(page, /Riley/);
  });

  await test.step('the code on paper opens nothing any more', async () => {
    await signOut(page);
    await page.goto(`${demo.origin}/join`);
    const [code, birth] = await page.locator('.demo-sheet code').allTextContents();
    const [month, day, year] = birth.split('/');
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.getByLabel('Your birth date').fill(`${year}-${month}-${day}`);
    await goOn(page);
    await expect(page.getByRole('link', { name: /don't open anything/ })).toBeVisible();
  });
});

test('joining without script, and back in after a loss', { tag: '@no-script' }, async ({ browser, demo, javaScriptEnabled }) => {
  const clean = axe(false);
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  const email = 'riley@example.org';
  let app;
  let codes;

  await test.step('the questions', async () => {
    await begin(page, demo, email, clean);
    await expect(page.getByRole('button', { name: 'Use a passkey, no password' })).toBeHidden();
    await typePassword(page, 'password123');
    await goOn(page);
    await expect(page.getByRole('link', { name: /it is tried first/ })).toBeVisible();
    await clean(page);
    await typePassword(page, PASSWORD);
    await goOn(page);
    await heading(page, 'Your second step');
    await clean(page);
    await goOn(page);
    await expect(page.getByRole('link', { name: 'Choose one of these' })).toBeVisible();
    await clean(page);
    await page.getByRole('radio', { name: 'A passkey' }).check();
    await goOn(page);
    await expect(page.locator('noscript p').first()).toContainText('Passkeys need JavaScript.');
    await clean(page);
    await page.getByRole('link', { name: 'Choose another way' }).click();
    await page.getByRole('radio', { name: 'An app on my phone that shows codes' }).check();
    await goOn(page);
    await heading(page, 'Set up your app');
    app = await setUpApp(page, clean);
    codes = await keepCodes(page, clean);
    // Back works; the codes are not shown again.
    await page.getByRole('link', { name: 'Back' }).click();
    await expect(page.getByText('You have kept your codes.')).toBeVisible();
    await clean(page);
    await goOn(page);
    await readNotice(page, clean);
  });

  await test.step('the account’s own pages', async () => {
    for (const [link, words] of [
      ['Change your password', 'Choose a new password'],
      ['Set up another app', 'Set up an authenticator app'],
      ['Get new recovery codes', 'Keep your recovery codes'],
    ]) {
      await page.goto(`${demo.origin}/account`);
      await page.getByRole('link', { name: link }).click();
      await heading(page, words);
      await clean(page);
    }
    await goOn(page);
    await confirm(page, app, clean);
    await page.getByRole('button', { name: 'Show me new codes' }).click();
    const before = codes;
    codes = await page.locator('.code-list code').allTextContents();
    expect(codes.filter((code) => before.includes(code))).toHaveLength(0);
    await clean(page);
    await page.getByLabel('I have kept them').check();
    await goOn(page);
    await expect(page.getByText('Your new recovery codes work now.')).toBeVisible();
    await page.getByRole('link', { name: 'Change your password' }).click();
    await goOn(page);
    await confirm(page, app, clean);
    await clean(page);
    await typePassword(page, PASSWORD);
    await page.getByRole('button', { name: 'Save the new password' }).click();
    await expect(page.getByText('Your new password works now.')).toBeVisible();
    await clean(page);
  });

  await test.step('the phone is lost', async () => {
    await signOut(page);
    await page.goto(`${demo.origin}/sign-in`);
    await page.getByRole('link', { name: 'I lost my phone or my passkey' }).click();
    await heading(page, 'Get back in');
    await clean(page);
    const recover = async (code) => {
      await page.getByLabel('E-mail', { exact: true }).fill(email);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByLabel('Recovery code', { exact: true }).fill(code);
      await goOn(page);
    };
    await recover('ABCD-EFGH-JKMN-PQRS');
    await expect(page.getByRole('link', { name: /We couldn't let you in/ })).toBeVisible();
    await clean(page);
    await recover(codes[7]);
    await heading(page, 'Your second step');
    await clean(page);
    await page.getByRole('radio', { name: 'An app on my phone that shows codes' }).check();
    await goOn(page);
    app = await setUpApp(page, clean);
    await keepCodes(page, clean);
    await heading(page, /Riley/);
  });

  await test.step('what is over says so', async () => {
    await signOut(page);
    await page.goto(`${demo.origin}/join/codes`);
    await heading(page, 'Please start again');
    await clean(page);
  });
});
