// Privacy officers put labels right, and a patient keeps an item private, in a real browser, with script and without.
import { axe } from '../support/axe.js';
import { expect, test } from '../support/demo.js';
import { confirm, signIn } from '../support/journeys.js';

test.use({ world: 'labels' });

const BECAUSE = 'Read in full; the title is a plain one.';

async function heading(page, words) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words);
}

test('labels are looked at, proposed and turned down', async ({ browser, demo, javaScriptEnabled }) => {
  const clean = axe(javaScriptEnabled);
  const visitor = async () => (await browser.newContext({ javaScriptEnabled })).newPage();
  const first = await visitor();
  const second = await visitor();
  let address;

  await test.step('an officer finds what waits, and nothing of what it holds', async () => {
    await signIn(first, demo, demo.person('Renata Solberg'), clean);
    await heading(first, 'Office');
    await clean(first);
    await first.getByRole('link', { name: 'Labels to check' }).click();
    await heading(first, 'Labels to check');
    await expect(first.getByText('Its code is ordinary, and its words say something sensitive.')).toBeVisible();
    await expect(first.getByText('Psychiatry')).toHaveCount(0);
    await clean(first);
  });

  await test.step('a lowering is proposed, with a reason', async () => {
    await first
      .getByRole('row')
      .filter({ hasText: 'Its code is ordinary, and its words say something sensitive.' })
      .getByRole('link')
      .first()
      .click();
    await clean(first);
    address = first.url();
    await first.getByRole('button', { name: 'Save' }).click();
    await expect(first.getByRole('link', { name: 'Pick what is right.' })).toBeVisible();
    await clean(first);
    await first.getByRole('radio', { name: 'A label does not belong' }).check();
    await first.getByRole('checkbox', { name: 'Mental health', exact: true }).check();
    await first.getByLabel('Why?').fill(BECAUSE);
    await first.getByRole('button', { name: 'Save' }).click();
    await expect(first.getByText('You proposed this. Somebody else has to agree.')).toBeVisible();
    await clean(first);
  });

  await test.step('another officer is asked for a code, and turns it down', async () => {
    await signIn(second, demo, demo.person('Ibrahim Castellano'), clean);
    await second.goto(`${demo.origin}/office/labels/second`);
    await heading(second, 'Waiting for a second person');
    await clean(second);
    await second.goto(address);
    await expect(second.getByText(BECAUSE)).toBeVisible();
    await second.getByRole('button', { name: 'Agree and take it off' }).click();
    await confirm(second, demo.person('Ibrahim Castellano'), clean);
    await expect(second.getByText('Press the button once more to take the label off.')).toBeVisible();
    await clean(second);
    await second.getByRole('button', { name: 'Leave the labels as they are' }).click();
    await expect(second).toHaveURL(address);
    await clean(second);
  });

  await test.step('a patient keeps an item private, and takes it back', async () => {
    const morgan = await visitor();
    await signIn(morgan, demo, demo.person('Morgan Ellis'), clean);
    await morgan.goto(`${demo.origin}/records`);
    await morgan.locator('main a[href^="/records/"]').first().click();
    await clean(morgan);
    await morgan.getByRole('button', { name: 'Keep this one private' }).click();
    await expect(morgan.getByRole('heading', { name: 'You keep this one private' })).toBeVisible();
    await clean(morgan);
    await morgan.getByRole('button', { name: 'Stop keeping it private' }).click();
    await expect(morgan.getByRole('heading', { name: 'Keep this one private' })).toBeVisible();
    await clean(morgan);
  });
});
