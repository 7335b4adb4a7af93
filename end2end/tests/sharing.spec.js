// Every kind of agreement in the making, in a real browser, with script and without: several people, counseling notes, a
// legal case, a go-between, family on paper.
import { axe } from '../support/axe.js';
import { expect, test } from '../support/demo.js';
import { confirm, signIn } from '../support/journeys.js';

test.use({ world: 'sharing' });

const STEPS = {
  why: 'What is it for?',
  what: 'Which records do you want to share?',
  notes: 'Which counseling notes do you want to share?',
  long: 'How long do you want to share?',
  review: 'Check exactly what this opens',
  sign: 'Read and sign',
};

async function heading(page, words) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words);
}

async function on(page, words, clean) {
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
  await heading(page, words);
  await clean(page);
}

/** From the first page of sharing to the question who. */
async function begin(page, demo, clean) {
  await page.goto(`${demo.origin}/sharing`);
  await page.getByRole('link', { name: 'Share with someone' }).click();
  await heading(page, 'Who do you want to share with?');
  await clean(page);
}

async function everydayRecords(page) {
  await page.getByRole('checkbox', { name: /^Everyday health/ }).check();
  await page.getByRole('radio', { name: /^No, keep everything from these programs closed/ }).check();
}

/** From the review to the signed agreement. */
async function sign(page, person, clean) {
  await page.getByRole('link', { name: 'Go on to sign' }).click();
  await heading(page, STEPS.sign);
  await clean(page);
  await page.getByLabel('Type your full name').fill('Jordan Reyes');
  await page.getByRole('button', { name: 'Sign and share' }).click();
  await confirm(page, person, clean);
  await page.getByRole('button', { name: 'Sign and share' }).click();
  await expect(page).toHaveURL(/\/sharing\/[0-9a-f-]{36}$/);
  await clean(page);
}

/** Jordan Reyes, signed in. */
async function jordanAt(browser, demo, javaScriptEnabled) {
  const clean = axe(javaScriptEnabled);
  const jordan = demo.person('Jordan Reyes');
  const page = await (await browser.newContext({ javaScriptEnabled })).newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  await signIn(page, demo, jordan, clean);
  return { page, jordan, clean };
}

test('several people, and counseling notes', async ({ browser, demo, javaScriptEnabled }) => {
  const { page, jordan, clean } = await jordanAt(browser, demo, javaScriptEnabled);

  await test.step('several people: found, added, taken out, each with a view of their own', async () => {
    await begin(page, demo, clean);
    await page.getByRole('checkbox', { name: /Amara Okafor/ }).check();
    const find = page.getByRole('searchbox');
    await find.fill('podiatry');
    // Enter finds, and keeps the tick.
    await find.press('Enter');
    await expect(page.getByRole('heading', { name: 'You share with' })).toBeVisible();
    await clean(page);
    await page.getByRole('checkbox', { name: /Tobias Lindqvist/ }).check();
    await page.getByRole('button', { name: 'Add and stay on this page' }).click();
    await expect(page.locator('.picked li')).toHaveCount(2);
    await page.getByRole('button', { name: /^Take out.*Okafor/ }).click();
    await expect(page.locator('.picked li')).toHaveCount(1);
    await page.getByRole('button', { name: 'Show all names' }).click();
    await page.getByRole('checkbox', { name: /Amara Okafor/ }).check();
    await on(page, STEPS.why, clean);
    await page.getByRole('checkbox', { name: /^Treatment/ }).check();
    await page.getByRole('checkbox', { name: /^Working together/ }).check();
    await on(page, STEPS.what, clean);

    await everydayRecords(page);
    if (javaScriptEnabled) {
      await expect(page.locator('#counts').getByText(/^This opens \d+ items\./)).toBeVisible();
    } else {
      await page.getByRole('button', { name: 'Count what this opens' }).click();
      await expect(page.locator('#counts').getByText(/This opens \d+ items\./)).toBeVisible();
    }
    await expect(page.getByRole('checkbox', { name: /^Everyday health/ })).toBeChecked();
    await clean(page);
    await page.getByRole('radio', { name: 'Yes, only the kinds I tick' }).check();
    await page.getByRole('checkbox', { name: 'Medicine' }).check();
    await page.getByRole('button', { name: 'Choose places' }).click();
    await heading(page, 'Whose records do you want to share?');
    await clean(page);
    await page.getByRole('radio', { name: 'Only from the places I tick' }).check();
    await page.getByRole('checkbox', { name: /Maple Street/ }).check();
    await clean(page);
    await page.getByRole('button', { name: 'Save and go back' }).click();
    await on(page, STEPS.long, clean);
    await page.getByRole('radio', { name: 'Until I move to another provider' }).check();
    await on(page, STEPS.review, clean);
    await page.getByRole('link', { name: /Amara Okafor/ }).click();
    await expect(page).toHaveURL(/review\?page=1&as=\d&why=1/);
    await clean(page);
    await sign(page, jordan, clean);
  });

  await test.step('counseling notes have an agreement of their own', async () => {
    await begin(page, demo, clean);
    await page.getByRole('radio', { name: 'My counseling notes' }).check();
    await page.getByRole('checkbox', { name: /^My treating providers, health plans/ }).check();
    await page.getByRole('button', { name: 'Go on', exact: true }).click();
    await expect(page.getByText(/^Counseling notes can't be shared with the law's whole group/).first()).toBeVisible();
    await clean(page);
    await page.getByRole('checkbox', { name: /^My treating providers, health plans/ }).uncheck();
    await page.getByRole('checkbox', { name: /Amara Okafor/ }).check();
    await on(page, STEPS.why, clean);
    await page.getByRole('checkbox', { name: /^Treatment/ }).check();
    await on(page, STEPS.notes, clean);
    await on(page, STEPS.long, clean);
    await page.getByRole('radio', { name: 'Until I finish this program' }).check();
    await on(page, STEPS.review, clean);
    await expect(page.getByText('For counseling notes alone')).toBeVisible();
    await sign(page, jordan, clean);
  });
});

test('a legal case, a go-between, and family', async ({ browser, demo, javaScriptEnabled }) => {
  const { page, jordan, clean } = await jordanAt(browser, demo, javaScriptEnabled);

  await test.step('a legal case stands alone', async () => {
    await begin(page, demo, clean);
    await page.getByLabel('Their full name, or the name of their office').fill('Alvarez and Stone, lawyers');
    await on(page, STEPS.why, clean);
    await page.getByRole('checkbox', { name: /^A legal case/ }).check();
    await page.getByRole('checkbox', { name: /^Treatment/ }).check();
    await page.getByRole('button', { name: 'Go on', exact: true }).click();
    await expect(page.getByText(/^A legal case can't be combined with another reason\./).first()).toBeVisible();
    await clean(page);
    await page.getByRole('checkbox', { name: /^Treatment/ }).uncheck();
    await on(page, STEPS.what, clean);
    await everydayRecords(page);
    await on(page, STEPS.long, clean);
    await page.getByRole('radio', { name: 'Until my case is closed' }).check();
    await on(page, STEPS.review, clean);
    await expect(page.getByText('For a legal case alone')).toBeVisible();
    await sign(page, jordan, clean);
    await expect(page.getByText('Your paper is ready')).toBeVisible();
  });

  await test.step('a go-between is named with those who take part', async () => {
    await begin(page, demo, clean);
    await page.getByRole('button', { name: 'Choose a go-between' }).click();
    await heading(page, 'Share through a go-between');
    await clean(page);
    await page.getByRole('button', { name: 'Save and go back' }).click();
    await expect(page.getByRole('link', { name: 'Pick the go-between.' })).toBeVisible();
    await clean(page);
    await page.getByRole('radio', { name: /^Northwind Health Plan/ }).check();
    await page.getByRole('radio', { name: 'Only those I pick below' }).check();
    await page.getByRole('checkbox', { name: /Amara Okafor/ }).check();
    await clean(page);
    await page.getByRole('button', { name: 'Save and go back' }).click();
    await expect(page.locator('.picked')).toContainText('Northwind Health Plan, and through it: ');
    await on(page, STEPS.why, clean);
    await page.getByRole('checkbox', { name: /^Treatment/ }).check();
    await on(page, STEPS.what, clean);
    await everydayRecords(page);
    await on(page, STEPS.long, clean);
    await page.getByRole('radio', { name: 'No end date' }).check();
    await on(page, STEPS.review, clean);
    await sign(page, jordan, clean);
  });

  await test.step('family gets a paper', async () => {
    await begin(page, demo, clean);
    await page.getByLabel('Their full name, or the name of their office').fill('Rosa Reyes');
    await on(page, STEPS.why, clean);
    await page.getByRole('checkbox', { name: /^Family or a helper/ }).check();
    await on(page, STEPS.what, clean);
    await page.getByRole('button', { name: 'Pick everything' }).click();
    await page.getByRole('checkbox', { name: /^HIV/ }).uncheck();
    await page.getByRole('radio', { name: /^Yes, share what these programs wrote/ }).check();
    await on(page, STEPS.long, clean);
    await page.getByRole('radio', { name: 'For one year' }).check();
    await on(page, STEPS.review, clean);
    await expect(page.getByText('With this, no one can open anything online.')).toBeVisible();
    await sign(page, jordan, clean);
    await expect(page.getByText('Rosa Reyes (on paper)').first()).toBeVisible();
  });
});
