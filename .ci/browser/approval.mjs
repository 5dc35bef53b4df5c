// An edition that waits for its editor: seen, corrected, held and approved by the
// mail's link.
import { ask } from './archive.mjs';
import { link } from './mailbox.mjs';

export async function approval(world) {
  const { judge, tally, mailbox, outlets, program, front, letters } = world;
  program.configure('required');
  outlets.publish(2);
  const said = await program.edition();
  tally.holds('the run says that the edition waits', /wait/.test(said) ? [] : [said]);
  const mail = await mailbox.wait('the draft', (l) => l.to === 'editor@digest.test');
  tally.holds('no reader has mail', mailbox.letters.filter((l) => !l.taken && l.headers['list-unsubscribe']).map((l) => l.to));
  const path = new URL(link(mail, '/draft/')).pathname;
  for (let i = 0; i < 20; i++) await ask(front, path, { method: i % 2 ? 'GET' : 'HEAD' });

  const page = await judge.person();
  await page.goto(link(mail, '/draft/'));
  await judge.look(page, 'draft');
  const sample = await judge.person();
  await sample.goto(link(mail, '/leave/'));
  await judge.look(sample, 'leave-sample');
  tally.holds('the link for leaving in a draft is nobody’s', await sample.getByText('It is nobody').isVisible());
  await sample.context().close();
  const stale = await page.context().newPage();
  await stale.goto(link(mail, '/draft/'));
  tally.holds('it waits after 20 GETs and HEADs', await page.isVisible('button[value=approve]'));
  await page.goto(`${link(mail, '/draft/')}/letter`);
  await judge.look(page, 'draft-letter');
  await page.goBack();

  const titles = await page.locator('article.piece h3').allTextContents();
  const corrected = page.locator('article.piece').first();
  await corrected.locator('summary').click();
  await judge.look(page, 'draft-open');
  const choice = await corrected.locator('select option:not([selected]):not([value=irrelevant])').first().getAttribute('value');
  await corrected.locator('select').selectOption(choice);
  await corrected.locator('input[name=why]').fill(`It argues for something else${world.script}`);
  await corrected.locator('button[value=correct]').click();
  for (let tries = 0; tries < 60 && await page.getByText('being worked on').first().isVisible(); tries++) {
    if (tries === 0) await judge.look(page, 'draft-busy');
    await page.waitForTimeout(1000);
    await page.reload();
  }
  tally.holds('the correction is in the log', await page.locator('ol.log').textContent().then((t) => t.includes('It argues for something else')));
  await stale.click('button[value=approve]');
  tally.holds('who saw an older draft is asked again', await stale.getByText('has changed since').first().isVisible());

  const dropped = page.locator('article.piece').filter({ hasText: titles[1] });
  await dropped.locator('summary').click();
  await dropped.locator('input[name=why]').fill('An advertisement');
  await dropped.locator('button[value=drop]').click();
  await page.getByRole('heading', { name: 'Dropped' }).waitFor();
  await page.fill('#hold', 'Until the minister has spoken');
  await page.click('button[value=hold]');
  await page.waitForLoadState();
  await judge.look(page, 'draft-held');
  await page.click('button[value=approve]');
  await page.waitForLoadState();
  for (const who of ['first', 'ada', 'bob']) letters[who] = await mailbox.wait(`edition 3 for ${who}`, (l) => l.to === `${who}@readers.test` && l.headers['list-unsubscribe']);
  tally.holds('what was dropped is not in the letter', !letters.first.text.includes(titles[1]));
  tally.holds('what was corrected is', letters.first.text.replace(/\s+/g, ' ').includes(titles[0].trim().slice(0, 30)));
  await page.reload();
  await judge.look(page, 'draft-approved');
  tally.holds('afterwards the link changes nothing', await page.locator('main form').count() === 0);
  await page.context().close();
}
