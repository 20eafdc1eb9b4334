import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { Anvil } from './support/anvil.mjs';
import { assertReverts, eventsOf, send } from './support/deployment.mjs';
import { cantonKey, deployPipeline, makeIntent, signIntent, treasuryAdapterId, treasuryDesk }
    from './support/intents.mjs';
import { ethers } from './support/packages.mjs';

describe('Ownership', () => {
    let anvil;
    let owner;
    let successor;
    let stranger;
    let contact;
    let pipeline;

    before(async () => {
        anvil = await Anvil.start();
        [owner, successor, stranger, contact] = [0, 1, 2, 3].map((index) => anvil.account(index));
        pipeline = await deployPipeline(anvil, owner);
    });
    after(() => anvil?.stop());

    beforeEach(() => anvil.restart());

    // Every function that changes something and is not open to all, with arguments that the owner could use.
    function guardedCalls() {
        const key = cantonKey('forged').address;
        return {
            registry: {
                registerKey: [treasuryDesk, key],
                revokeKey: [treasuryDesk],
                transferOwnership: [stranger.address],
                acceptOwnership: [],
                renounceOwnership: [],
            },
            vault: {
                setCantonSigner: [key],
                setPartyAuthorized: [ethers.id('settlement'), true],
                registerAdapter: [treasuryAdapterId, pipeline.adapter.target],
                removeAdapter: [treasuryAdapterId],
                setEmergencyContact: [stranger.address],
                pause: [],
                unpause: [],
                transferOwnership: [stranger.address],
                acceptOwnership: [],
                renounceOwnership: [],
            },
        };
    }

    const openToAll = { registry: [], vault: ['executeIntent'] };

    for (const name of ['registry', 'vault']) {
        describe(`of the ${name}`, () => {
            it('guards every function that could change something', () => {
                const changing = pipeline[name].interface.fragments
                    .filter((fragment) => fragment.type === 'function')
                    .filter((fragment) => !fragment.constant || fragment.name === 'renounceOwnership')
                    .map((fragment) => fragment.name);
                const covered = [...Object.keys(guardedCalls()[name]), ...openToAll[name]];
                assert.deepEqual(changing.sort(), covered.sort());
            });

            it('is asked for by each of them', async () => {
                const asStranger = pipeline[name].connect(stranger);
                for (const [method, args] of Object.entries(guardedCalls()[name])) {
                    await assertReverts(asStranger, method, args, 'OwnableUnauthorizedAccount', [stranger.address]);
                }
            });

            it('moves only when the new owner accepts', async () => {
                const contract = pipeline[name];
                const started = await send(contract, 'transferOwnership', successor.address);
                assert.deepEqual(eventsOf(started, contract), [
                    ['OwnershipTransferStarted', owner.address, successor.address],
                ]);
                assert.equal(await contract.owner(), owner.address);
                assert.equal(await contract.pendingOwner(), successor.address);
                await assertReverts(contract.connect(stranger), 'acceptOwnership', [], 'OwnableUnauthorizedAccount', [
                    stranger.address,
                ]);

                const accepted = await send(contract.connect(successor), 'acceptOwnership');
                assert.deepEqual(eventsOf(accepted, contract), [
                    ['OwnershipTransferred', owner.address, successor.address],
                ]);
                assert.equal(await contract.owner(), successor.address);
                assert.equal(await contract.pendingOwner(), ethers.ZeroAddress);
                await assertReverts(contract, 'transferOwnership', [owner.address], 'OwnableUnauthorizedAccount', [
                    owner.address,
                ]);
            });

            it('stays when the offer is taken back', async () => {
                const contract = pipeline[name];
                await send(contract, 'transferOwnership', successor.address);
                await send(contract, 'transferOwnership', ethers.ZeroAddress);
                await assertReverts(contract.connect(successor), 'acceptOwnership', [], 'OwnableUnauthorizedAccount', [
                    successor.address,
                ]);
                assert.equal(await contract.owner(), owner.address);
            });

            it('cannot be given up', async () => {
                await assertReverts(pipeline[name], 'renounceOwnership', [], 'OwnershipRenounceDisabled');
                assert.equal(await pipeline[name].owner(), owner.address);
            });
        });
    }

    describe('and the emergency contact', () => {
        let asContact;

        beforeEach(async () => {
            await send(pipeline.vault, 'setEmergencyContact', contact.address);
            asContact = pipeline.vault.connect(contact);
        });

        it('who may pause and not resume', async () => {
            const receipt = await send(asContact, 'pause');
            assert.deepEqual(eventsOf(receipt, pipeline.vault), [['Paused', contact.address]]);
            await assertReverts(asContact, 'unpause', [], 'OwnableUnauthorizedAccount', [contact.address]);
            const { vault, keys, adapter } = pipeline;
            const intent = await makeIntent(anvil);
            const signature = await signIntent(keys.treasuryDesk, vault, anvil.chainId, intent);
            await assertReverts(vault, 'executeIntent', [intent, signature], 'EnforcedPause');
            await send(vault, 'unpause');
            await send(vault, 'executeIntent', intent, signature);
            assert.equal(await adapter.allocationCount(), 1n);
        });

        it('who may do nothing else', async () => {
            const { pause, ...others } = guardedCalls().vault;
            for (const [method, args] of Object.entries(others)) {
                await assertReverts(asContact, method, args, 'OwnableUnauthorizedAccount', [contact.address]);
            }
        });

        it('who may no longer pause once dismissed', async () => {
            await send(pipeline.vault, 'setEmergencyContact', ethers.ZeroAddress);
            await assertReverts(asContact, 'pause', [], 'OwnableUnauthorizedAccount', [contact.address]);
        });
    });
});
