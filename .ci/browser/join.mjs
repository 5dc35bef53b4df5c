// Joining: the form, the mail, the one button.
import { link } from './mailbox.mjs';
import { tabTo } from './judge.mjs';

// patience is longer than the form takes a person to be.
const patience = 2200;

export async function join(world) {
  await byKeyboard(world);
  await withoutScripts(world);
  await sameAnswer(world);
}

// byKeyboard joins with Tab and Enter alone, and makes each mistake once.
async function byKeyboard({ judge, tally, mailbox, address, program, script }) {
  const page = await judge.person();
  await page.goto(address);
  await tabTo(page, 'a[href="/subscribe"]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/subscribe');
  await judge.look(page, 'subscribe');
  await page.reload(); // the judge took its time
  await tabTo(page, '#address');
  await page.keyboard.type('ada@readers.test');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=alert]');
  await judge.look(page, 'subscribe-quick', 422);
  tally.holds('who is too quick finds the form filled in', await page.inputValue('#address') === 'ada@readers.test');
  await page.fill('#address', 'ada at readers.test');
  await page.waitForTimeout(patience);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[aria-invalid=true]');
  await judge.look(page, 'subscribe-bad', 422);
  await page.fill('#address', 'ada@readers.test');
  await page.fill('#name', `Ada${script}`);
  await page.waitForTimeout(patience);
  await tabTo(page, 'button[type=submit]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=Look into your mailbox');
  await judge.look(page, 'subscribe-sent');
  const mail = await mailbox.wait('confirmation for ada', (l) => l.to === 'ada@readers.test');
  tally.holds('the confirmation carries nothing of the form', !/alert|Ada/.test(mail.text + mail.subject));
  tally.holds('ada is pending', await stateOf(program, 'ada@readers.test') === 'pending');
  await page.goto(link(mail, '/confirm/'));
  await judge.look(page, 'confirm');
  tally.holds('the link alone changes nothing', await stateOf(program, 'ada@readers.test') === 'pending');
  await tabTo(page, 'main button');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=You are a reader');
  await judge.look(page, 'confirm-done');
  tally.holds('ada is active', await stateOf(program, 'ada@readers.test') === 'active');
  await page.goto(link(mail, '/confirm/').slice(0, -1));
  await judge.look(page, 'bad-link', 404);
  await page.context().close();
}

// withoutScripts joins as somebody whose browser runs no scripts.
async function withoutScripts({ judge, tally, mailbox, address, program }) {
  const page = await judge.person({ javaScriptEnabled: false });
  await page.goto(`${address}/subscribe`);
  await page.fill('#address', 'bob@readers.test');
  await page.check('input[name=letter][value=full]');
  await page.waitForTimeout(patience);
  await page.click('button[type=submit]');
  const mail = await mailbox.wait('confirmation for bob', (l) => l.to === 'bob@readers.test');
  await page.goto(link(mail, '/confirm/'));
  await page.click('main button');
  await page.waitForSelector('text=You are a reader');
  tally.holds('bob joins without scripts', await stateOf(program, 'bob@readers.test') === 'active');
  await page.context().close();
}

// sameAnswer asks that the answer does not tell who is on the list.
async function sameAnswer({ judge, tally, address }) {
  const answers = [];
  for (const who of ['bob@readers.test', 'eve@readers.test']) {
    const page = await judge.person();
    await page.goto(`${address}/subscribe`);
    await page.fill('#address', who);
    await page.waitForTimeout(patience);
    await page.click('button[type=submit]');
    await page.waitForSelector('text=Look into your mailbox');
    answers.push((await page.content()).replaceAll(who, 'WHO'));
    await page.context().close();
  }
  tally.holds('the answer is the same for who is on the list and who is not', answers[0] === answers[1]);
}

export async function stateOf(program, who) {
  const output = await program.expect(0, 'subscribers', 'list', '--json');
  return output.trim().split('\n').map((l) => JSON.parse(l)).flat().find((s) => s.address === who || s.email === who)?.state;
}
