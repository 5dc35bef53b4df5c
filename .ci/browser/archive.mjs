// What anybody may read: the archive before and after there is one.

// empty holds the pages of a list that has sent nothing yet.
export async function empty({ judge, tally, address }) {
  const page = await judge.person();
  await page.goto(`${address}/no/such/page`);
  await judge.look(page, 'nothing-here', 404);
  for (const [name, path] of [['home-empty', '/'], ['editions-empty', '/editions']]) {
    await page.goto(address + path);
    await judge.look(page, name);
  }
  await page.context().close();
}

export async function archive() {}
