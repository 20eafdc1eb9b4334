// Talks to `countersign-cli batch` as any other program would.
import { spawn } from 'node:child_process';

const cli = process.env.COUNTERSIGN_CLI;
if (!cli) throw new Error('COUNTERSIGN_CLI must name the countersign-cli to test');

/** Sends lines (texts or bytes) as they are and returns the lines of the answer; `memoryKiB` bounds the address space. */
export function exchange(lines, { memoryKiB } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ['pipe', 'pipe', 'inherit'];
    const child = memoryKiB ? spawn('bash', ['-c', `ulimit -v ${memoryKiB}; exec "$0" batch`, cli], { stdio }) : spawn(cli, ['batch'], { stdio });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stdin.on('error', reject);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`countersign-cli batch ended with ${code}`));
      else resolve(Buffer.concat(chunks).toString().split('\n').slice(0, -1));
    });
    for (const line of lines) {
      child.stdin.write(line);
      child.stdin.write('\n');
    }
    child.stdin.end();
  });
}

/** Answers to requests {op, …}, in order; ids are added and checked. */
export async function ask(requests) {
  const answers = (await exchange(requests.map((request, id) => JSON.stringify({ id, ...request })))).map((line) => JSON.parse(line));
  if (answers.length !== requests.length) throw new Error(`${requests.length} requests, ${answers.length} answers`);
  answers.forEach((answer, id) => {
    if (answer.id !== id) throw new Error(`answer ${id} has the id ${answer.id}`);
  });
  return answers;
}

/** Collects requests with what their results must be, and asks them in one go. */
export class Expectations {
  #items = [];

  /** `check` gets the result of a request that must succeed, and throws when it is not what it should be. */
  add(name, request, check) {
    this.#items.push({ name, request, check });
  }

  /** Returns how many held; throws with the first few that did not. */
  async hold() {
    const answers = await ask(this.#items.map((item) => item.request));
    const failures = [];
    this.#items.forEach(({ name, request, check }, i) => {
      try {
        if (!answers[i].ok) throw new Error(`${answers[i].error.kind}: ${answers[i].error.message}`);
        check(answers[i].result);
      } catch (error) {
        failures.push(`${name} (${request.op}): ${error.message}`);
      }
    });
    if (failures.length > 0) throw new Error(`${failures.length} of ${answers.length} do not hold:\n${failures.slice(0, 5).join('\n')}`);
    return answers.length;
  }
}
