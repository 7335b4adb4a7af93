// Support opens a case for somebody who says that they lost every way in; the account's owner reads of it and stops it,
// and adds an address by the code that is sent there.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { axe } from '../support/axe.js';
import { expect, test } from '../support/demo.js';
import { confirm, signIn } from '../support/journeys.js';

test.use({ world: 'recovery' });

const FURTHER = 'morgan@elsewhere.example';

// What was sent to an address last, as the demo puts letters into its directory.
async function letterTo(demo, address) {
  const folder = join(demo.data, 'mail');
  let found = '';
  await expect(async () => {
    const letters = [];
    for (const name of await readdir(folder)) letters.push(await readFile(join(folder, name), 'utf8'));
    found = letters.filter((letter) => letter.includes(`To: ${address}`) && letter.includes('Code:')).pop() ?? '';
    expect(found).toContain('Code:');
  }).toPass({ timeout: 90_000 });
  return found;
}

test('support opens a case, and the owner stops it', async ({ browser, demo, javaScriptEnabled }) => {
  const clean = axe(javaScriptEnabled);
  const support = demo.person('June Abernathy');
  const morgan = demo.person('Morgan Ellis');
  const [office, owner] = await Promise.all(
    [1, 2].map(async () => (await browser.newContext({ javaScriptEnabled })).newPage()),
  );
  for (const page of [office, owner]) {
    page.on('pageerror', (error) => {
      throw error;
    });
  }

  await test.step('everything is asked for', async () => {
    await signIn(office, demo, support, clean);
    await office.goto(`${demo.origin}/office`);
    await clean(office);
    await office.getByRole('link', { name: 'Help with accounts' }).click();
    await expect(office.getByRole('heading', { level: 1 })).toHaveText('Help with accounts');
    await clean(office);
    await office.getByRole('link', { name: 'Open a case' }).click();
    await clean(office);
    await office.getByRole('button', { name: 'Go on' }).click();
    await expect(office.getByRole('link', { name: 'Type the e-mail they sign in with.' })).toBeVisible();
    await clean(office);
  });

  await test.step('support writes down how they made sure, and opens the case', async () => {
    await office.getByLabel('The e-mail they sign in with').fill(morgan.sign_in);
    await office.getByLabel('Their date of birth').fill('1975-09-02');
    await office.getByRole('radio', { name: 'They stood before me with a photo document' }).check();
    await office.getByLabel('Document', { exact: true }).selectOption({ label: "Driver's license" });
    await office.getByLabel('Last four characters of its number').fill('K9X4');
    await office.getByRole('checkbox', { name: /^I made sure myself/ }).check();
    await office.getByRole('button', { name: 'Go on' }).click();
    await confirm(office, support, clean);
    await expect(office.getByText('Press the button once more.')).toBeVisible();
    await clean(office);
    await office.getByRole('button', { name: 'Open the case' }).click();
    await expect(office).toHaveURL(/\/office\/recovery\/[0-9a-f-]{36}$/);
    await expect(office.getByText('Waits until')).toBeVisible();
    await expect(office.getByRole('button', { name: 'Make the code' })).toHaveCount(0);
    await expect(office.getByText(morgan.sign_in)).toHaveCount(0);
    await clean(office);
  });

  await test.step('the owner reads of it and stops it', async () => {
    await signIn(owner, demo, morgan, clean);
    await expect(owner.getByText('Somebody asked to set up your sign-in anew')).toBeVisible();
    await clean(owner);
    await owner.goto(`${demo.origin}/account`);
    await clean(owner);
    await owner.getByRole('button', { name: 'Stop it' }).click();
    await expect(owner.getByText('It is stopped.')).toBeVisible();
    await expect(owner.getByRole('button', { name: 'Stop it' })).toHaveCount(0);
    await clean(owner);
    await owner.goto(`${demo.origin}/access-history`);
    await expect(owner.getByText('Stopped the help to get back into your account')).toBeVisible();
    await office.reload();
    await expect(office.getByText("Stopped by the account's owner on")).toBeVisible();
    await clean(office);
    await office.goto(`${demo.origin}/office/recovery`);
    await expect(office.getByRole('link', { name: /^Morgan/ })).toBeVisible();
    await clean(office);
  });

  await test.step('the owner adds an address, to hear of such things there too', async () => {
    await owner.goto(`${demo.origin}/account`);
    await owner.getByRole('link', { name: 'Change your e-mail addresses' }).click();
    await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Your e-mail addresses');
    await clean(owner);
    await owner.getByRole('button', { name: 'Add this address' }).click();
    await expect(owner.getByRole('link', { name: 'Type an e-mail address.' })).toBeVisible();
    await clean(owner);
    await owner.getByLabel('Another address').fill(FURTHER);
    await owner.getByRole('button', { name: 'Add this address' }).click();
    await confirm(owner, morgan, clean);
    await expect(owner.getByLabel('Another address')).toHaveValue(FURTHER);
    await clean(owner);
    await owner.getByRole('button', { name: 'Add this address' }).click();
    await expect(owner.getByRole('heading', { name: 'Type the code we sent' })).toBeVisible();
    await clean(owner);
    await owner.getByLabel('Code from the e-mail').fill('7777-7777-7777-7773');
    await owner.getByRole('button', { name: 'Confirm the address' }).click();
    await expect(owner.getByRole('link', { name: "That code didn't work." })).toBeVisible();
    await clean(owner);
    const letter = await letterTo(demo, FURTHER);
    const [, code] = /Code: ([0-9A-Z-]{19})/.exec(letter);
    await owner.getByLabel('Code from the e-mail').fill(code);
    await owner.getByRole('button', { name: 'Confirm the address' }).click();
    await expect(owner.getByText('This address is confirmed.')).toBeVisible();
    await expect(owner.getByRole('button', { name: `Remove ${FURTHER}` })).toBeVisible();
    await clean(owner);
  });
});
