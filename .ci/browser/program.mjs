// The program under test: its configuration, single runs and the daemon.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';

export const host = 'digest.test';

export async function freePort() {
  const s = net.createServer();
  await new Promise((done) => s.listen(0, '127.0.0.1', done));
  const { port } = s.address();
  await new Promise((done) => s.close(done));
  return port;
}

export class Program {
  constructor(work, port, smtp, sources) {
    Object.assign(this, { work, port, smtp, sources, binary: path.join(work, 'standpoint'), log: '' });
  }

  // configure writes config.yaml; approval is none, window or required.
  configure(approval = 'none') {
    const sources = this.sources.map((s) => `  - {name: ${JSON.stringify(s.name)}, country: NL, url: "${s.url}"}`).join('\n');
    fs.writeFileSync(path.join(this.work, 'config.yaml'), `zone: UTC
public_url: https://${host}
schedule: {gather: "0 0 1 1 *", publish: "0 0 1 1 *"}
fetch: {allow_private: true, pages: never}
sources:
${sources}
subscribers: [first@readers.test]
mail:
  from: Standpoint <digest@${host}>
  postal: "1 Any Street, Anytown"
  delivery: smtp
  smtp: {host: 127.0.0.1, port: ${this.smtp}, tls: none}
web: {listen: "127.0.0.1:${this.port}"}
approval: {mode: ${approval}, editor: editor@${host}}
`);
  }

  // run ends with the command; its answer has status and output.
  run(...args) {
    return new Promise((done) => {
      let output = '';
      const child = spawn(this.binary, args, { cwd: this.work });
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (d) => { output += d; });
      child.on('close', (status) => done({ status, output }));
    });
  }

  async expect(want, ...args) {
    const { status, output } = await this.run(...args);
    if (status !== want) throw new Error(`standpoint ${args.join(' ')}: status ${status}, want ${want}:\n${output}`);
    return output;
  }

  // start starts the daemon and waits until it answers readers.
  async start() {
    const child = this.child = spawn(this.binary, [], { cwd: this.work });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (d) => { this.log += d; });
    this.ended = new Promise((done) => child.on('close', done));
    for (let tries = 0; tries < 200; tries++) {
      if (await this.answers()) return;
      if (child.exitCode !== null) break;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`the daemon does not answer on ${this.port}:\n${this.log.slice(-3000)}`);
  }

  answers() {
    return new Promise((done) => {
      const r = http.get({ host: '127.0.0.1', port: this.port, path: '/robots.txt' }, (a) => { a.resume(); done(a.statusCode === 200); });
      r.on('error', () => done(false));
    });
  }

  // stop ends the daemon in order and gives its exit status.
  async stop() {
    if (!this.child) return 0;
    const begin = Date.now();
    this.child.kill('SIGTERM');
    const status = await this.ended;
    this.child = undefined;
    return Date.now() - begin > 10_000 ? `${Date.now() - begin} ms late` : status;
  }

  // edition makes one beside no daemon and starts the daemon again.
  async edition(want = 0) {
    await this.stop();
    const output = await this.expect(want, '--now');
    await this.start();
    return output;
  }
}
