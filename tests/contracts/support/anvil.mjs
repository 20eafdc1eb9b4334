// A chain of its own for a test file: a real anvil on a port that the kernel picks, gone when the test is.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { ethers, fromPackages } from './packages.mjs';

const startLimitMs = 30_000;
// Ends anvil also when this process is killed and no handler of ours can run.
const endWithParent = '/usr/bin/setpriv';

export class Anvil {
    #beginning;

    static async start({ chainId = 31337 } = {}) {
        const anvil = new Anvil();
        await anvil.#launch(['--host', '127.0.0.1', '--port', '0', '--chain-id', String(chainId)]);
        anvil.provider = new ethers.JsonRpcProvider(anvil.url, chainId, {
            staticNetwork: true,
            batchMaxCount: 1,
            cacheTimeout: -1,
        });
        anvil.chainId = BigInt(chainId);
        return anvil;
    }

    // One of anvil's funded accounts, in anvil's own order.
    account(index) {
        const phrase = 'test test test test test test test test test test test junk';
        const wallet = ethers.HDNodeWallet.fromPhrase(phrase, undefined, `m/44'/60'/0'/0/${index}`);
        return new ethers.Wallet(wallet.privateKey, this.provider);
    }

    // Makes the next block carry this time, in Unix seconds.
    async setNextBlockTime(seconds) {
        await this.provider.send('evm_setNextBlockTimestamp', [ethers.toQuantity(seconds)]);
    }

    async now() {
        return BigInt((await this.provider.getBlock('latest')).timestamp);
    }

    // Takes the chain back to where it was when this was first called.
    async restart() {
        if (this.#beginning !== undefined) await this.provider.send('evm_revert', [this.#beginning]);
        this.#beginning = await this.provider.send('evm_snapshot', []);
    }

    async stop() {
        this.provider?.destroy();
        process.off('exit', this.killNow);
        if (this.process.exitCode !== null || this.process.signalCode !== null) return;
        const ended = new Promise((resolve) => this.process.once('exit', resolve));
        this.process.kill('SIGTERM');
        const impatience = setTimeout(this.killNow, 5_000);
        await ended;
        clearTimeout(impatience);
    }

    async #launch(options) {
        const program = fromPackages('.bin', 'anvil');
        const [command, ...prefix] = existsSync(endWithParent)
            ? [endWithParent, '--pdeathsig', 'KILL', program]
            : [program];
        this.process = spawn(command, [...prefix, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
        this.killNow = () => this.process.kill('SIGKILL');
        process.on('exit', this.killNow);
        const lastLines = [];
        const lines = [this.process.stdout, this.process.stderr].map((input) => createInterface({ input }));
        let limit;
        try {
            this.url = await new Promise((resolve, reject) => {
                const fail = (why) => reject(new Error(`anvil ${why}\n${lastLines.join('\n')}`));
                limit = setTimeout(() => fail(`did not listen within ${startLimitMs} ms`), startLimitMs);
                this.process.once('error', (error) => fail(`could not be started: ${error.message}`));
                this.process.once('exit', (code, signal) => fail(`ended early (${code ?? signal})`));
                lines.forEach((reader) => reader.on('line', (line) => {
                    // anvil goes on writing a line per request; only those of a failed start are of use.
                    if (lastLines.push(line) > 40) lastLines.shift();
                    const match = /^Listening on (\d+\.\d+\.\d+\.\d+:\d+)$/.exec(line.trim());
                    if (match) resolve(`http://${match[1]}`);
                }));
            });
        } catch (error) {
            this.killNow();
            throw error;
        } finally {
            clearTimeout(limit);
        }
    }
}
