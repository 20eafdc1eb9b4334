// Contracts from the committed artifacts, and what tests ask of them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { contractsRoot, ethers } from './packages.mjs';

const gasLimitOfFailures = 2_000_000n;
const miningLimitMs = 20_000;

export function readArtifact(name) {
    return JSON.parse(readFileSync(path.join(contractsRoot, 'artifacts', `${name}.json`), 'utf8'));
}

export async function deploy(name, deployer, ...args) {
    const { abi, bytecode } = readArtifact(name);
    const contract = await new ethers.ContractFactory(abi, bytecode, deployer).deploy(...args);
    assert.equal((await mined(contract.deploymentTransaction())).status, 1, `${name} could not be deployed`);
    return contract;
}

// The receipt of a transaction, whether it succeeded or not.
// Asked for outright: ethers' own wait() may begin to listen for blocks when the only one to come has come.
export async function mined(transaction) {
    const { hash, provider } = transaction;
    for (const end = Date.now() + miningLimitMs; Date.now() < end; await pause(5)) {
        const receipt = await provider.getTransactionReceipt(hash);
        if (receipt !== null) return receipt;
    }
    throw new Error(`${hash} was not mined within ${miningLimitMs} ms`);
}

// Sends a transaction and returns its receipt; fails when it does.
export async function send(contract, method, ...args) {
    const receipt = await mined(await contract[method](...args));
    assert.equal(receipt.status, 1, `${method} was mined and failed`);
    return receipt;
}

// Requires that a call reverts with exactly this custom error, and that a mined transaction with it fails too.
export async function assertReverts(contract, method, args, errorName, errorArgs = []) {
    const { to, data } = await contract[method].populateTransaction(...args);
    const sender = contract.runner;
    const call = { from: await sender.getAddress(), to, data };
    let revertData;
    try {
        await sender.provider.send('eth_call', [call, 'latest']);
    } catch (error) {
        revertData = error?.error?.data ?? error?.info?.error?.data;
        if (revertData === undefined) throw error;
    }
    assert.ok(revertData !== undefined, `${method} was expected to revert with ${errorName} and did not`);
    const parsed = contract.interface.parseError(revertData);
    assert.equal(parsed?.name, errorName, `${method} reverted with ${revertData}`);
    assert.deepEqual([...parsed.args], errorArgs);

    const transaction = await sender.sendTransaction({ to, data, gasLimit: gasLimitOfFailures });
    assert.equal((await mined(transaction)).status, 0, `${method} was mined successfully`);
}

// The events of a receipt that a contract emitted, as [name, ...arguments].
export function eventsOf(receipt, contract) {
    return receipt.logs
        .filter((log) => log.address === contract.target)
        .map((log) => contract.interface.parseLog(log))
        .map((event) => [event.name, ...event.args]);
}
