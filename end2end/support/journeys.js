// What people do, in their own words: each function is one journey of one person.
import { expect } from '@playwright/test';

/** Signs in with both factors. */
export async function signIn(page, demo, person, clean) {
  await page.goto(`${demo.origin}/sign-in`);
  await clean(page);
  await page.getByLabel('E-mail', { exact: true }).fill(person.sign_in);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Enter your code');
  await clean(page);
  await page.getByLabel('Code', { exact: true }).fill(await person.authenticator.next());
  await page.getByRole('button', { name: 'Sign in' }).click();
  // A click does not wait for the answer: who goes on to another page now may go there without the new session.
  await expect(page).not.toHaveURL(/\/sign-in/);
}

/** Gives the code that is asked for, and comes back to where it was asked. */
export async function confirm(page, person, clean) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirm it is you');
  await clean(page);
  await page.getByLabel('Code', { exact: true }).fill(await person.authenticator.next());
  await page.getByRole('button', { name: 'Confirm', exact: true }).click();
  await expect(page).not.toHaveURL(/\/step-up/);
}

/** Shares what a substance use treatment program wrote, with one person, for treatment, until a day. */
export async function share(page, demo, person, clean, { recipient, name, until }) {
  await page.goto(`${demo.origin}/sharing`);
  await clean(page);
  await page.getByRole('link', { name: 'Share with someone' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Who do you want to share with?');
  await clean(page);

  // Nothing chosen: the page comes back and says what to do.
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('link', { name: 'Choose who you want to share with.' })).toBeVisible();
  await clean(page);

  await page.getByRole('checkbox', { name: recipient }).check();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What is it for?');
  await clean(page);
  await page.getByRole('checkbox', { name: /^Treatment/ }).check();
  await page.getByRole('button', { name: 'Go on' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Which records do you want to share?');
  await clean(page);
  await page.getByRole('checkbox', { name: /^Substance use care/ }).check();
  await page.getByRole('checkbox', { name: /^Mental health/ }).first().check();
  const programs = page.getByRole('radio', { name: /^Yes, share what these programs wrote/ });
  await programs.check();
  // Enter goes on, though another button stands before.
  await programs.press('Enter');

  await expect(page).toHaveURL(/\/sharing\/new\/how-long$/);
  await clean(page);
  await page.locator('input[name="day"], input[type="date"], input[name="until"]').first().fill(until);
  await page.getByRole('button', { name: 'Go on' }).click();

  await expect(page).toHaveURL(/\/sharing\/new\/review$/);
  await clean(page);
  await page.getByRole('link', { name: /Go on|Read and sign/ }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Read and sign');
  await clean(page);
  await page.getByLabel('Type your full name').fill(name);
  await page.getByRole('button', { name: 'Sign and share' }).click();
  await confirm(page, person, clean);
  await expect(page.getByText('Your code was right')).toBeVisible();
  await clean(page);
  await page.getByRole('button', { name: 'Sign and share' }).click();
  await expect(page.getByText('You are now sharing')).toBeVisible();
  await clean(page);
  return page.url();
}

/** Opens the only chart of that name, for treatment. */
export async function openChart(page, demo, name, clean) {
  await page.goto(`${demo.origin}/patients`);
  await clean(page);
  await page.getByRole('link', { name }).click();
  if (await page.getByRole('heading', { name: 'Why do you open this chart?' }).isVisible()) {
    await clean(page);
    await page.getByRole('radio', { name: 'Treatment' }).check();
    await page.getByRole('button', { name: 'Open the chart' }).click();
  }
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}
