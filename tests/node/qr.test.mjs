// Frames of `countersign-cli qr` against npm @ngraveio/bc-ur, which shares no code with it: each reads what the other shows.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { load } from './packages.mjs';

const { UR, URDecoder, UREncoder } = load('@ngraveio/bc-ur');
const { keccak256 } = load('viem');

const cli = process.env.COUNTERSIGN_CLI;
if (!cli) throw new Error('COUNTERSIGN_CLI must name the countersign-cli to test');

// xorshift32: the same numbers in every run.
let state = 0x5eedc0de;
function random(below) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}
const randomBytes = (count) => Buffer.from(Array.from({ length: count }, () => random(256)));

function shuffled(list) {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; --i) {
    const other = random(i + 1);
    [copy[i], copy[other]] = [copy[other], copy[i]];
  }
  return copy;
}

/** Messages around every border: of one frame, of the lengths of CBOR, of many parts. */
function messageOf(run) {
  const sizes = [1, 2, 9, 10, 11, 22, 23, 24, 25, 254, 255, 256, 257, 396, 397, 398, 65535, 65536, 65537];
  const size = run < sizes.length ? sizes[run] : 1 + random(6000);
  // At most about fifty parts: the time that bc-ur takes grows with their square.
  return { message: randomBytes(size), fragment: Math.max(10, Math.ceil(size / 50)) + random(200) };
}

function run(words, input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn(cli, ['qr', ...words], { stdio: ['pipe', 'pipe', 'pipe'] });
    const output = [];
    const errors = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => errors.push(chunk));
    child.on('error', reject);
    child.stdin.on('error', () => {}); // it may stop reading when the message is complete
    child.on('close', (code) => resolve({ code, output: Buffer.concat(output).toString(), errors: Buffer.concat(errors).toString() }));
    child.stdin.end(input);
  });
}

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-qr-'));
});
after(() => rm(folder, { recursive: true }));

const count = 100;

test('bc-ur reads our frames, though many are lost', async () => {
  let shown = 0;
  let mixed = 0;
  for (let i = 0; i < count; ++i) {
    const { message, fragment } = messageOf(i);
    const parts = Math.ceil((message.length + 5) / fragment);
    const { code, output, errors } = await run(['show', '--text', '--fragment', `${fragment}`, '--count', `${6 * parts + 60}`, '-'], message);
    assert.equal(code, 0, errors);
    // Half of them get lost, and the rest comes in any order.
    const frames = shuffled(output.trim().split('\n').filter(() => random(2) === 0));
    const decoder = new URDecoder();
    for (const frame of frames) {
      if (decoder.isComplete()) break;
      assert.ok(decoder.receivePart(frame));
      ++shown;
      const sequence = /^ur:bytes\/(\d+)-(\d+)\//.exec(frame);
      if (sequence && Number(sequence[1]) > Number(sequence[2])) ++mixed;
    }
    assert.ok(decoder.isSuccess(), `message ${i} of ${message.length} bytes, ${fragment} a frame: ${decoder.resultError()}`);
    assert.ok(decoder.resultUR().decodeCBOR().equals(message), `message ${i}`);
  }
  assert.ok(mixed > 500, 'too few mixed frames to tell anything');
  console.log(`${count} messages from ${shown} frames, ${mixed} of them mixed`);
});

test('we read the frames of bc-ur, though many are lost', async () => {
  let mixed = 0;
  for (let i = 0; i < count; ++i) {
    const { message, fragment } = messageOf(i);
    const encoder = new UREncoder(UR.fromBuffer(message), fragment);
    let frames = [];
    for (let n = 6 * encoder.fragmentsLength + 60; n > 0; --n) frames.push(encoder.nextPart());
    frames = shuffled(frames.filter(() => random(2) === 0));
    // As symbols carry them, and as they are spoken.
    if (i % 2 === 0) frames = frames.map((frame) => frame.toUpperCase());
    mixed += frames.length;
    const out = join(folder, `message-${i}`);
    const { code, output, errors } = await run(['read', '--text', '--json', '--out', out], frames.join('\n'));
    assert.equal(code, 0, `message ${i} of ${message.length} bytes, ${fragment} a frame: ${output}${errors}`);
    const report = JSON.parse(output);
    assert.equal(report.keccak256, keccak256(message));
    assert.equal(report.bytes, `${message.length}`);
    assert.equal(report.parts, `${encoder.fragmentsLength}`);
    assert.ok((await readFile(out)).equals(message), `message ${i}`);
  }
  assert.ok(mixed > 500);
});

test('frame by frame the same', async () => {
  let compared = 0;
  for (let i = 0; i < 30; ++i) {
    const { message, fragment } = messageOf(i);
    const encoder = new UREncoder(UR.fromBuffer(message), fragment);
    const frames = Array.from({ length: 3 * encoder.fragmentsLength + 5 }, () => encoder.nextPart());
    const file = join(folder, `same-${i}`);
    await writeFile(file, message);
    const { output } = await run(['show', '--json', '--fragment', `${fragment}`, '--count', `${frames.length}`, file]);
    const report = JSON.parse(output);
    assert.equal(report.parts, `${encoder.fragmentsLength}`);
    assert.deepEqual(report.frames, frames, `message ${i} of ${message.length} bytes, ${fragment} a frame`);
    compared += frames.length;
  }
  console.log(`${compared} frames are the same`);
});
