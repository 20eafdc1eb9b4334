#!/usr/bin/env node
// uPlot in headless Chromium beside our chart: what the same data cost a browser. A record, not a gate: neither is part of the build.
//   npm install uplot@1.6.32, then: node tests/bench/chart/uplot.mjs <folder of node_modules/uplot> [chromium]
// A frame is setData and a forced raster (one pixel is read back), 1200 x 400, no GPU, one device pixel a pixel; medians.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = process.argv[2];
const chromium = process.argv[3] ?? 'chromium';
if (!folder) {
  console.error('uplot.mjs: name the folder of uPlot');
  process.exit(2);
}
const library = readFileSync(join(folder, 'dist/uPlot.iife.min.js'), 'utf8');
const style = readFileSync(join(folder, 'dist/uPlot.min.css'), 'utf8');
const version = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

const page = `<!doctype html><style>${style}</style><div id="plot"></div><pre id="out"></pre><script>${library}</script><script>
function data(count, turn) {
  const times = new Float64Array(count);
  const values = new Float64Array(count);
  let walk = 0;
  let seed = 7;
  const noise = () => { let sum = 0; for (let i = 0; i < 4; i++) { seed = (seed * 1664525 + 1013904223) >>> 0; sum += seed / 4294967296 - 0.5; } return sum; };
  for (let i = 0; i < count; i++) {
    walk += noise() * 0.05;
    times[i] = 1772366400 + i / 1000;
    values[i] = walk + 8 * Math.sin(i * 40 / count) + noise() + turn * 0.1;
  }
  return [times, values];
}
function measure(count, rounds) {
  const sets = [data(count, 0), data(count, 1)];
  const plot = new uPlot({ width: 1200, height: 400, legend: { show: false }, series: [{}, { stroke: '#0072b2', width: 1 }] }, sets[0], document.getElementById('plot'));
  const context = plot.ctx;
  const taken = [];
  for (let i = 0; i < rounds + 5; i++) {
    const before = performance.now();
    plot.batch(() => plot.setData(sets[i % 2]));
    context.getImageData(600, 200, 1, 1);
    if (i >= 5) taken.push(performance.now() - before);
  }
  plot.destroy();
  taken.sort((a, b) => a - b);
  return taken[taken.length >> 1];
}
const result = {};
for (const [count, rounds] of [[100000, 40], [1000000, 40], [10000000, 10]]) result[count] = measure(count, rounds);
document.getElementById('out').textContent = 'RESULT' + JSON.stringify(result) + 'END';
</script>`;

const work = mkdtempSync(join(tmpdir(), 'uplot-'));
try {
  const file = join(work, 'page.html');
  writeFileSync(file, page);
  const dom = execFileSync(chromium, ['--headless', '--no-sandbox', '--disable-gpu', '--force-device-scale-factor=1', `--user-data-dir=${join(work, 'profile')}`,
    '--window-size=1400,700', '--dump-dom', `file://${file}`], { encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'ignore'] });
  const found = dom.match(/>RESULT(.*?)END</);
  if (!found) throw new Error('the page did not finish');
  const result = JSON.parse(found[1]);
  const figures = Object.entries(result).map(([count, value]) => ({ name: `uPlot frame at ${Number(count) / 1000}k`, value, unit: 'ms' }));
  console.log(JSON.stringify({ benchmark: 'uplot', figures, notes: { uPlot: version } }));
} finally {
  rmSync(work, { recursive: true, force: true });
}
