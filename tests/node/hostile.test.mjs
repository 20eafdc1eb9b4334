// Lines that want time or memory, and lines that are wrong: each has its error, in its place, soon.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange } from './batch.mjs';

const megabytes = 1024 * 1024;
const word = (value) => BigInt(value).toString(16).padStart(64, '0');
const huge = 1n << 255n;

// [what, line, kind of the error or null when it is answered well]
const lines = [
  ['a sound request first', '{"id":"first","op":"keccak256","data":"0x"}', null],
  ['10 MB of arrays', '['.repeat(10 * megabytes), 'exhausted'],
  ['10 MB of objects', '{"a":'.repeat(2 * megabytes), 'exhausted'],
  ['10 MB of nesting inside a request', `{"id":1,"op":"rlp.encode","item":${'['.repeat(5 * megabytes)}${']'.repeat(5 * megabytes)}}`, 'exhausted'],
  ['a line beyond the limit', '"' + 'a'.repeat(20 * megabytes) + '"', 'exhausted'],
  ['an array of two million values', `{"id":2,"op":"abi.encode","types":["uint8[]"],"values":[[${'1,'.repeat(2 * megabytes)}1]]}`, 'exhausted'],
  ['a length of 2^255', `{"id":3,"op":"abi.decode","types":["bytes"],"data":"0x${word(32)}${word(huge)}"}`, 'invalid'],
  ['an offset of 2^255', `{"id":4,"op":"abi.decode","types":["bytes"],"data":"0x${word(huge)}"}`, 'invalid'],
  ['a count of 2^255', `{"id":5,"op":"abi.decode","types":["uint256[]"],"data":"0x${word(32)}${word(huge)}"}`, 'invalid'],
  ['the same, leniently', `{"id":6,"op":"abi.decode","types":["uint256[]"],"data":"0x${word(32)}${word(huge)}","strict":false}`, 'invalid'],
  ['arrays that share one tail, over and over', (() => {
    const n = 2000;
    const row = word(n) + word(32 * n).repeat(n); // each element: the same row behind
    return `{"id":7,"op":"abi.decode","types":["bytes[][][]"],"data":"0x${word(32)}${row}${row}${row}","strict":false}`;
  })(), 'any'],
  ['a type nested out of all measure', `{"id":8,"op":"abi.decode","types":["uint8${'[]'.repeat(100000)}"],"data":"0x"}`, 'any'],
  ['a fixed array of 2^255', `{"id":9,"op":"abi.decode","types":["uint8[${huge}]"],"data":"0x"}`, 'any'],
  ['RLP nested a million deep', `{"id":10,"op":"rlp.decode","data":"0x${'c1'.repeat(megabytes)}"}`, 'any'],
  ['an RLP length of 2^64-1', '{"id":11,"op":"rlp.decode","data":"0xbfffffffffffffffff"}', 'invalid'],
  ['twins', '{"id":12,"op":"keccak256","data":"0x","data":"0x00"}', 'invalid'],
  ['no UTF-8', null, 'invalid'],
  ['half a surrogate', '{"id":13,"op":"abi.selector","signature":"\\ud800"}', 'invalid'],
  ['no object', '7', 'invalid'],
  ['no operation', '{"id":14}', 'invalid'],
  ['an unknown operation', '{"id":15,"op":"eval"}', 'not-found'],
  ['an unknown member', '{"id":16,"op":"keccak256","data":"0x","date":1}', 'invalid'],
  ['a struct that refers to itself without end', '{"id":17,"op":"eip712.hash","typedData":{"types":{"A":[{"name":"a","type":"A"}]},"primaryType":"A","domain":{},"message":'
    + '{"a":'.repeat(200) + 'null' + '}'.repeat(200) + '}}', 'any'],
  ['a signature over nothing', `{"id":18,"op":"sig.recover","digest":"0x${'00'.repeat(32)}","signature":"0x${'ff'.repeat(65)}"}`, 'invalid'],
  ['a proof of a million empty nodes', `{"id":19,"op":"mpt.verify","root":"0x${'11'.repeat(32)}","key":"0x00","proof":[${'"0x",'.repeat(500000)}"0x"]}`, 'any'],
  ['a sound request last', '{"id":"last","op":"keccak256","data":"0x"}', null],
];

test('each hostile line has its error, in order, and the rest go on', { timeout: 120_000 }, async () => {
  const sent = lines.map(([, line]) => line ?? Buffer.from('7b226964223a302c226f70223a22ff227d', 'hex'));
  const started = process.hrtime.bigint();
  const answers = await exchange(sent, { memoryKiB: 2_000_000 });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  assert.equal(answers.length, lines.length);
  answers.forEach((text, i) => {
    const [what, , kind] = lines[i];
    const answer = JSON.parse(text);
    if (kind === null) assert.equal(answer.ok, true, what);
    else assert.equal(answer.ok, false, what);
    if (kind !== null && kind !== 'any') assert.equal(answer.error.kind, kind, `${what}: ${answer.error.message}`);
    if (kind !== null) assert.ok(answer.error.message.length > 0 && answer.error.message.length < 1000, what);
  });
  assert.equal(JSON.parse(answers[0]).id, 'first');
  assert.equal(JSON.parse(answers.at(-1)).id, 'last');
  console.log(`${lines.length} lines in ${seconds.toFixed(2)} s`);
});

test('order holds over many lines, whatever each costs', async () => {
  const count = 20000;
  const sent = Array.from({ length: count }, (_, id) => (id % 7 === 0 ? `{"id":${id},"op":"keccak256","data":"0x${'ab'.repeat(id % 500)}"}` : `{"id":${id},"op":"x"}`));
  const answers = await exchange(sent);
  answers.forEach((text, id) => assert.equal(JSON.parse(text).id, id));
  assert.equal(answers.length, count);
});
