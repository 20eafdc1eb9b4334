// A real Safe 1.4.1 from the artifacts of its npm package, and transactions of its owners.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { mined, send } from './deployment.mjs';
import { ethers, fromPackages } from './packages.mjs';

// Takes a salt and creation code, and deploys it at an address that depends on those and on itself only. Safe 1.4.1 stands
// on public chains where its own deployer put it. anvil comes without that one but with another of the same code.
const safeDeployer = '0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7';
const anvilDeployer = '0x4e59b44847b379578588920cA78FbF26c0B4956C';

// The addresses on public chains; the same bytecode with salt 0 must end there too.
export const safeContracts = {
    SafeL2: { source: 'SafeL2.sol', address: '0x29fcB43b46531BcA003ddC8FCB67FFE91900C762' },
    SafeProxyFactory: {
        source: 'proxies/SafeProxyFactory.sol',
        address: '0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67',
    },
    CompatibilityFallbackHandler: {
        source: 'handler/CompatibilityFallbackHandler.sol',
        address: '0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99',
    },
    MultiSend: { source: 'libraries/MultiSend.sol', address: '0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526' },
    MultiSendCallOnly: {
        source: 'libraries/MultiSendCallOnly.sol',
        address: '0x9641d764fc13c8B624c04430C7356C1C7C8102e2',
    },
    CreateCall: { source: 'libraries/CreateCall.sol', address: '0x9b35Af71d77eaf8d7e40252370304687390A1A52' },
};

const safeTxTypes = {
    SafeTx: [
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'data', type: 'bytes' },
        { name: 'operation', type: 'uint8' },
        { name: 'safeTxGas', type: 'uint256' },
        { name: 'baseGas', type: 'uint256' },
        { name: 'gasPrice', type: 'uint256' },
        { name: 'gasToken', type: 'address' },
        { name: 'refundReceiver', type: 'address' },
        { name: 'nonce', type: 'uint256' },
    ],
};

export function readSafeArtifact(name) {
    const { source } = safeContracts[name];
    const folders = ['@safe-global', 'safe-contracts', 'build', 'artifacts', 'contracts', ...source.split('/')];
    return JSON.parse(readFileSync(fromPackages(...folders, `${name}.json`), 'utf8'));
}

// Deploys every contract above.
export async function deploySafeContracts(deployer) {
    const { provider } = deployer;
    await provider.send('anvil_setCode', [safeDeployer, await provider.getCode(anvilDeployer)]);
    for (const [name, { address }] of Object.entries(safeContracts)) {
        const data = ethers.concat([ethers.ZeroHash, readSafeArtifact(name).bytecode]);
        await mined(await deployer.sendTransaction({ to: safeDeployer, data }));
        assert.notEqual(await provider.getCode(address), '0x', `${name} is not at its known address`);
    }
}

// Creates a Safe of these owners through the proxy factory.
export async function createSafe(deployer, owners, threshold) {
    const factory = contractAt('SafeProxyFactory', safeContracts.SafeProxyFactory.address, deployer);
    const singleton = contractAt('SafeL2', safeContracts.SafeL2.address, deployer);
    const setup = singleton.interface.encodeFunctionData('setup', [
        owners,
        threshold,
        ethers.ZeroAddress,
        '0x',
        safeContracts.CompatibilityFallbackHandler.address,
        ethers.ZeroAddress,
        0n,
        ethers.ZeroAddress,
    ]);
    const receipt = await send(factory, 'createProxyWithNonce', singleton.target, setup, 0n);
    const created = receipt.logs
        .filter((log) => log.address === factory.target)
        .map((log) => factory.interface.parseLog(log))
        .find((event) => event?.name === 'ProxyCreation');
    return contractAt('SafeL2', created.args.proxy, deployer);
}

// A plain call by the Safe with its current nonce, without refunds.
export async function safeCall(safe, to, data) {
    return {
        to,
        value: 0n,
        data,
        operation: 0,
        safeTxGas: 0n,
        baseGas: 0n,
        gasPrice: 0n,
        gasToken: ethers.ZeroAddress,
        refundReceiver: ethers.ZeroAddress,
        nonce: await safe.nonce(),
    };
}

// The arguments of execTransaction, signed by these holders.
export async function signedBy(safe, transaction, holders) {
    const { chainId } = await safe.runner.provider.getNetwork();
    const domain = { chainId, verifyingContract: safe.target };
    const signatures = await Promise.all(holders.map(async (holder) => ({
        address: BigInt(holder.address),
        signature: await holder.signTypedData(domain, safeTxTypes, transaction),
    })));
    // The Safe demands ascending owners, so that none can count twice.
    signatures.sort((left, right) => (left.address < right.address ? -1 : 1));
    const { nonce, ...fields } = transaction;
    return [...Object.values(fields), ethers.concat(signatures.map((entry) => entry.signature))];
}

function contractAt(name, address, runner) {
    return new ethers.Contract(address, readSafeArtifact(name).abi, runner);
}
