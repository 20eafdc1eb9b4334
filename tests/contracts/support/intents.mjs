// Intents and the keys that sign them.

import { deploy, send } from './deployment.mjs';
import { ethers } from './packages.mjs';

const intentTypes = {
    Intent: [
        { name: 'intentId', type: 'bytes32' },
        { name: 'partyId', type: 'bytes32' },
        { name: 'adapterId', type: 'bytes32' },
        { name: 'amount', type: 'uint256' },
        { name: 'data', type: 'bytes' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
    ],
};

export const treasuryDesk = ethers.id('treasury-desk');
export const marketMaking = ethers.id('market-making');
export const treasuryAdapterId = ethers.id('treasury');
export const treasuryLimit = 1_000_000n;

// A party's signing key, the same in every run.
export function cantonKey(name) {
    return new ethers.Wallet(ethers.id(`canton key of ${name}`));
}

export function intentDomain(vault, chainId) {
    return { name: 'CantonDeFiVault', version: '1', chainId, verifyingContract: vault.target };
}

export function intentDigest(vault, chainId, intent) {
    return ethers.TypedDataEncoder.hash(intentDomain(vault, chainId), intentTypes, intent);
}

export async function signIntent(key, vault, chainId, intent) {
    return key.signTypedData(intentDomain(vault, chainId), intentTypes, intent);
}

// An intent of the treasury desk that a vault would accept, but for what is given.
export async function makeIntent(anvil, fields = {}) {
    const nonce = fields.nonce ?? 0n;
    return {
        intentId: ethers.id(`intent-${nonce}`),
        partyId: treasuryDesk,
        adapterId: treasuryAdapterId,
        amount: 1_000n,
        data: '0x',
        nonce,
        deadline: (await anvil.now()) + 3_600n,
        ...fields,
    };
}

// A registry with the keys of two parties, and a vault that asks it, serves both and has one treasury adapter.
export async function deployPipeline(anvil, owner) {
    const keys = { treasuryDesk: cantonKey('treasury-desk'), marketMaking: cantonKey('market-making') };
    const registry = await deploy('CantonKeyRegistry', owner);
    await send(registry, 'registerKey', treasuryDesk, keys.treasuryDesk.address);
    await send(registry, 'registerKey', marketMaking, keys.marketMaking.address);
    const vault = await deploy('CantonDeFiVault', owner, registry.target, treasuryDesk);
    await send(vault, 'setPartyAuthorized', marketMaking, true);
    const adapter = await deploy('TreasuryAdapter', owner, vault.target, treasuryLimit);
    await send(vault, 'registerAdapter', treasuryAdapterId, adapter.target);
    return { keys, registry, vault, adapter };
}
