// Counts what holds and says what does not, a line each.
export class Tally {
  constructor(quiet = false) { Object.assign(this, { quiet, held: 0, broken: [], faults: [] }); }

  // holds takes the faults that were found; none is good.
  holds(what, faults) {
    if (faults === true) faults = [];
    if (faults === false) faults = ['no'];
    if (faults.length === 0) this.held++;
    else this.broken.push(what);
    this.faults.push(...faults);
    if (this.quiet) return;
    console.log(`${faults.length ? 'NOT ' : 'ok  '} ${what}`);
    for (const f of faults.slice(0, 8)) console.log(`     ${f}`);
  }

  // chapter runs a part of the story; what it throws breaks the chapter alone.
  async chapter(name, tell) {
    console.log(`# ${name}`);
    let limit;
    try {
      await Promise.race([tell(), new Promise((_, fail) => { limit = setTimeout(() => fail(new Error('no end after 4 minutes')), 240_000); })]);
    } catch (e) {
      this.holds(name, [`${e.stack ?? e}`.slice(0, 3000)]);
    } finally {
      clearTimeout(limit);
    }
  }

  end() {
    console.log(`${this.held} hold, ${this.broken.length} do not${this.broken.length ? `: ${this.broken.join('; ')}` : ''}`);
    return this.broken.length === 0;
  }
}
