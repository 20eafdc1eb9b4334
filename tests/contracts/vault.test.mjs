import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { Anvil } from './support/anvil.mjs';
import { assertReverts, deploy, eventsOf, mined, readArtifact, send } from './support/deployment.mjs';
import {
    cantonKey,
    deployPipeline,
    intentDigest,
    makeIntent,
    marketMaking,
    signIntent,
    treasuryAdapterId,
    treasuryDesk,
    treasuryLimit,
} from './support/intents.mjs';
import { ethers } from './support/packages.mjs';

describe('CantonDeFiVault', () => {
    let anvil;
    let owner;
    let relayer;
    let keys;
    let registry;
    let vault;
    let adapter;

    before(async () => {
        anvil = await Anvil.start();
        owner = anvil.account(0);
        relayer = anvil.account(5);
        ({ keys, registry, vault, adapter } = await deployPipeline(anvil, owner));
    });
    after(() => anvil?.stop());

    beforeEach(() => anvil.restart());

    async function execute(intent, key = keys.treasuryDesk) {
        const signature = await signIntent(key, vault, anvil.chainId, intent);
        return send(vault.connect(relayer), 'executeIntent', intent, signature);
    }

    describe('when it is deployed', () => {
        it('says who signs and which party it serves', async () => {
            const deployed = await mined(vault.deploymentTransaction());
            assert.deepEqual(eventsOf(deployed, vault), [
                ['OwnershipTransferred', ethers.ZeroAddress, owner.address],
                ['CantonSignerChanged', ethers.ZeroAddress, registry.target, true],
                ['PartyAuthorizationChanged', treasuryDesk, true],
            ]);
            assert.equal(await vault.cantonSigner(), registry.target);
            assert.equal(await vault.signerIsRegistry(), true);
            assert.equal(await vault.authorizedParties(treasuryDesk), true);
            assert.equal(await vault.emergencyContact(), ethers.ZeroAddress);
        });

        it('publishes the domain that intents are signed for', async () => {
            const { name, version, chainId, verifyingContract } = await vault.eip712Domain();
            assert.deepEqual(
                [name, version, chainId, verifyingContract],
                ['CantonDeFiVault', '1', anvil.chainId, vault.target],
            );
        });

        it('refuses a signer that is nobody, and a contract that is no registry', async () => {
            const { abi, bytecode } = readArtifact('CantonDeFiVault');
            const factory = new ethers.ContractFactory(abi, bytecode, owner);
            for (const signer of [ethers.ZeroAddress, adapter.target]) {
                await assert.rejects(factory.deploy(signer, treasuryDesk), (error) => {
                    assert.deepEqual(factory.interface.parseError(error.data)?.args.toArray(), [signer]);
                    return factory.interface.parseError(error.data).name === 'InvalidCantonSigner';
                });
            }
        });
    });

    describe('executing an intent', () => {
        it('hashes it as EIP-712 says', async () => {
            const intent = await makeIntent(anvil, { data: '0x0102030405', nonce: 77n });
            assert.equal(await vault.hashIntent(intent), intentDigest(vault, anvil.chainId, intent));
        });

        it('reaches the adapter and records what came of it', async () => {
            const intent = await makeIntent(anvil, { amount: 25n, data: '0xc0ffee', nonce: 3n });
            const receipt = await execute(intent);
            const result = ethers.AbiCoder.defaultAbiCoder().encode(['uint256'], [25n]);
            assert.deepEqual(eventsOf(receipt, vault), [
                ['IntentExecuted', intent.intentId, treasuryDesk, treasuryAdapterId, 25n, 3n, result],
            ]);
            assert.deepEqual(eventsOf(receipt, adapter), [
                ['Allocated', intent.intentId, 25n, 25n, ethers.keccak256('0xc0ffee')],
            ]);
            assert.equal(await vault.intentExecuted(intent.partyId, intent.intentId), true);
            assert.equal(await vault.nonceUsed(treasuryDesk, 3n), true);
            assert.equal(await vault.nonceUsed(treasuryDesk, 4n), false);
            assert.equal(await vault.nonceUsed(marketMaking, 3n), false);
        });

        it('takes nonces in any order, the largest included', async () => {
            for (const nonce of [9n, 2n, 256n, 255n, ethers.MaxUint256, 0n]) {
                await execute(await makeIntent(anvil, { nonce }));
            }
            assert.equal(await adapter.allocationCount(), 6n);
        });

        it('lets two parties use the same nonce', async () => {
            await execute(await makeIntent(anvil, { nonce: 1n }));
            const other = await makeIntent(anvil, { partyId: marketMaking, intentId: ethers.id('other'), nonce: 1n });
            await execute(other, keys.marketMaking);
            assert.equal(await adapter.allocationCount(), 2n);
        });

        it('accepts the very second of the deadline', async () => {
            const intent = await makeIntent(anvil, { deadline: (await anvil.now()) + 100n });
            const signature = await signIntent(keys.treasuryDesk, vault, anvil.chainId, intent);
            await anvil.setNextBlockTime(intent.deadline);
            const sent = await vault.connect(relayer).executeIntent(intent, signature, { gasLimit: 500_000n });
            const receipt = await mined(sent);
            assert.equal(receipt.status, 1);
            assert.equal(BigInt((await receipt.getBlock()).timestamp), intent.deadline);
        });

        it('passes on why the adapter refused, and leaves the intent unused', async () => {
            const intent = await makeIntent(anvil, { amount: treasuryLimit + 1n });
            const signature = await signIntent(keys.treasuryDesk, vault, anvil.chainId, intent);
            const reason = adapter.interface.encodeErrorResult('LimitExceeded', [treasuryLimit + 1n, treasuryLimit]);
            const asRelayer = vault.connect(relayer);
            await assertReverts(asRelayer, 'executeIntent', [intent, signature], 'AdapterCallFailed', [
                treasuryAdapterId,
                reason,
            ]);
            assert.equal(await vault.intentExecuted(intent.partyId, intent.intentId), false);
            assert.equal(await vault.nonceUsed(treasuryDesk, intent.nonce), false);

            const generous = await deploy('TreasuryAdapter', owner, vault.target, treasuryLimit * 2n);
            await send(vault, 'registerAdapter', treasuryAdapterId, generous.target);
            await send(asRelayer, 'executeIntent', intent, signature);
            assert.equal(await generous.allocated(intent.intentId), treasuryLimit + 1n);
        });

        it('follows the registry to a new key of the party', async () => {
            const successor = cantonKey('treasury-desk, second');
            await send(registry, 'registerKey', treasuryDesk, successor.address);
            assert.equal(await vault.signerOf(treasuryDesk), successor.address);
            await execute(await makeIntent(anvil), successor);
            assert.equal(await adapter.allocationCount(), 1n);
        });
    });

    describe('with one fixed signer', () => {
        const signer = cantonKey('fixed signer');

        beforeEach(async () => {
            const receipt = await send(vault, 'setCantonSigner', signer.address);
            assert.deepEqual(eventsOf(receipt, vault), [
                ['CantonSignerChanged', registry.target, signer.address, false],
            ]);
        });

        it('takes its signature for every party and asks no registry', async () => {
            await send(registry, 'revokeKey', treasuryDesk);
            await execute(await makeIntent(anvil, { nonce: 1n }), signer);
            await execute(await makeIntent(anvil, { partyId: marketMaking, nonce: 2n }), signer);
            assert.equal(await adapter.allocationCount(), 2n);
        });

        it('no longer takes the key that the registry names', async () => {
            const intent = await makeIntent(anvil);
            const signature = await signIntent(keys.treasuryDesk, vault, anvil.chainId, intent);
            await assertReverts(vault, 'executeIntent', [intent, signature], 'InvalidIntentSignature', [
                keys.treasuryDesk.address,
                signer.address,
            ]);
        });

        it('still takes it as an account when it has delegated to code', async () => {
            const delegation = ethers.concat(['0xef0100', registry.target]);
            await anvil.provider.send('anvil_setCode', [signer.address, delegation]);
            try {
                await execute(await makeIntent(anvil, { nonce: 1n }), signer);
                await send(vault, 'setCantonSigner', signer.address);
                assert.equal(await vault.signerIsRegistry(), false);
                await execute(await makeIntent(anvil, { nonce: 2n }), signer);
            } finally {
                await anvil.provider.send('anvil_setCode', [signer.address, '0x']);
            }
            assert.equal(await adapter.allocationCount(), 2n);
        });

        it('goes back to the registry when told so', async () => {
            await send(vault, 'setCantonSigner', registry.target);
            await execute(await makeIntent(anvil));
            assert.equal(await adapter.allocationCount(), 1n);
        });
    });

    describe('in the hands of its owner', () => {
        it('lets a party in and shuts it out', async () => {
            const settlement = ethers.id('settlement');
            const letIn = await send(vault, 'setPartyAuthorized', settlement, true);
            assert.deepEqual(eventsOf(letIn, vault), [['PartyAuthorizationChanged', settlement, true]]);
            assert.equal(await vault.authorizedParties(settlement), true);
            const shutOut = await send(vault, 'setPartyAuthorized', settlement, false);
            assert.deepEqual(eventsOf(shutOut, vault), [['PartyAuthorizationChanged', settlement, false]]);
            assert.equal(await vault.authorizedParties(settlement), false);
            await assertReverts(vault, 'setPartyAuthorized', [ethers.ZeroHash, true], 'InvalidPartyId');
        });

        it('takes only a contract as an adapter, and not itself', async () => {
            for (const address of [ethers.ZeroAddress, relayer.address, vault.target]) {
                const args = [treasuryAdapterId, address];
                await assertReverts(vault, 'registerAdapter', args, 'InvalidAdapter', [address]);
            }
            assert.equal(await vault.adapters(treasuryAdapterId), adapter.target);
        });

        it('removes an adapter once', async () => {
            const receipt = await send(vault, 'removeAdapter', treasuryAdapterId);
            assert.deepEqual(eventsOf(receipt, vault), [['AdapterRemoved', treasuryAdapterId, adapter.target]]);
            const args = [treasuryAdapterId];
            await assertReverts(vault, 'removeAdapter', args, 'AdapterNotRegistered', args);
        });

        it('refuses a signer that could not be asked or could not sign', async () => {
            for (const signer of [ethers.ZeroAddress, vault.target, adapter.target]) {
                await assertReverts(vault, 'setCantonSigner', [signer], 'InvalidCantonSigner', [signer]);
            }
            assert.equal(await vault.cantonSigner(), registry.target);
        });

        it('pauses and resumes', async () => {
            const paused = await send(vault, 'pause');
            assert.deepEqual(eventsOf(paused, vault), [['Paused', owner.address]]);
            await assertReverts(vault, 'pause', [], 'EnforcedPause');
            const unpaused = await send(vault, 'unpause');
            assert.deepEqual(eventsOf(unpaused, vault), [['Unpaused', owner.address]]);
            await execute(await makeIntent(anvil));
            assert.equal(await adapter.allocationCount(), 1n);
        });

        it('names and dismisses an emergency contact', async () => {
            const contact = anvil.account(6).address;
            const named = await send(vault, 'setEmergencyContact', contact);
            assert.deepEqual(eventsOf(named, vault), [['EmergencyContactSet', ethers.ZeroAddress, contact]]);
            const dismissed = await send(vault, 'setEmergencyContact', ethers.ZeroAddress);
            assert.deepEqual(eventsOf(dismissed, vault), [['EmergencyContactSet', contact, ethers.ZeroAddress]]);
        });
    });
});
