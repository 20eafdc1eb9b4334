import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { Anvil } from './support/anvil.mjs';
import { assertReverts, deploy, mined, send } from './support/deployment.mjs';
import {
    cantonKey,
    deployPipeline,
    makeIntent,
    marketMaking,
    signIntent,
    treasuryAdapterId,
    treasuryDesk,
} from './support/intents.mjs';
import { ethers } from './support/packages.mjs';

const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe('An attack on CantonDeFiVault', () => {
    let anvil;
    let owner;
    let attacker;
    let keys;
    let registry;
    let vault;
    let adapter;
    let asAttacker;

    before(async () => {
        anvil = await Anvil.start();
        owner = anvil.account(0);
        attacker = anvil.account(9);
        ({ keys, registry, vault, adapter } = await deployPipeline(anvil, owner));
        asAttacker = vault.connect(attacker);
    });
    after(() => anvil?.stop());

    beforeEach(() => anvil.restart());

    const sign = (key, intent) => signIntent(key, vault, anvil.chainId, intent);
    const refuses = (intent, signature, error, args) =>
        assertReverts(asAttacker, 'executeIntent', [intent, signature], error, args);

    async function assertNothingHappened() {
        assert.equal(await adapter.allocationCount(), 0n);
        assert.equal(await adapter.totalAllocated(), 0n);
    }

    describe('by replay', () => {
        it('with the same intent and signature is refused', async () => {
            const intent = await makeIntent(anvil);
            const signature = await sign(keys.treasuryDesk, intent);
            await send(asAttacker, 'executeIntent', intent, signature);
            await refuses(intent, signature, 'IntentAlreadyExecuted', [intent.intentId]);
            assert.equal(await adapter.allocationCount(), 1n);
        });

        it('after the deadline still says that the intent was executed', async () => {
            const intent = await makeIntent(anvil, { deadline: (await anvil.now()) + 50n });
            const signature = await sign(keys.treasuryDesk, intent);
            await send(asAttacker, 'executeIntent', intent, signature);
            await anvil.setNextBlockTime(intent.deadline + 1n);
            await anvil.provider.send('evm_mine', []);
            await refuses(intent, signature, 'IntentAlreadyExecuted', [intent.intentId]);
        });

        it('with the same nonce under another intent is refused', async () => {
            const intent = await makeIntent(anvil, { nonce: 8n });
            await send(asAttacker, 'executeIntent', intent, await sign(keys.treasuryDesk, intent));
            const second = await makeIntent(anvil, { nonce: 8n, intentId: ethers.id('second') });
            const signature = await sign(keys.treasuryDesk, second);
            await refuses(second, signature, 'NonceAlreadyUsed', [treasuryDesk, 8n]);
            assert.equal(await adapter.allocationCount(), 1n);
        });

        it('with the same intent under another nonce is refused', async () => {
            const intent = await makeIntent(anvil, { nonce: 8n });
            await send(asAttacker, 'executeIntent', intent, await sign(keys.treasuryDesk, intent));
            const again = { ...intent, nonce: 9n };
            await refuses(again, await sign(keys.treasuryDesk, again), 'IntentAlreadyExecuted', [intent.intentId]);
            assert.equal(await adapter.allocationCount(), 1n);
        });

        it('on another vault of the same registry is refused', async () => {
            const other = await deploy('CantonDeFiVault', owner, registry.target, treasuryDesk);
            await send(other, 'registerAdapter', treasuryAdapterId, adapter.target);
            const intent = await makeIntent(anvil);
            const signature = await sign(keys.treasuryDesk, intent);
            const digest = await other.hashIntent(intent);
            const recovered = ethers.recoverAddress(digest, signature);
            const args = [recovered, keys.treasuryDesk.address];
            assert.notEqual(...args);
            await assertReverts(
                other.connect(attacker), 'executeIntent', [intent, signature], 'InvalidIntentSignature', args,
            );
        });

        it('on another chain with the same vault address is refused', async () => {
            const mainChain = await Anvil.start({ chainId: 31337 });
            const otherChain = await Anvil.start({ chainId: 31338 }).catch(async (error) => {
                await mainChain.stop();
                throw error;
            });
            try {
                const here = await deployPipeline(mainChain, mainChain.account(0));
                const there = await deployPipeline(otherChain, otherChain.account(0));
                assert.equal(here.vault.target, there.vault.target);
                const intent = await makeIntent(mainChain);
                const signature = await signIntent(here.keys.treasuryDesk, here.vault, mainChain.chainId, intent);
                await send(here.vault, 'executeIntent', intent, signature);

                const recovered = ethers.recoverAddress(await there.vault.hashIntent(intent), signature);
                await assertReverts(
                    there.vault, 'executeIntent', [intent, signature], 'InvalidIntentSignature',
                    [recovered, keys.treasuryDesk.address],
                );
                assert.equal(await there.adapter.allocationCount(), 0n);
            } finally {
                await Promise.all([mainChain.stop(), otherChain.stop()]);
            }
        });
    });

    describe('by signature', () => {
        it('of somebody else is refused', async () => {
            const stranger = cantonKey('stranger');
            const intent = await makeIntent(anvil);
            await refuses(intent, await sign(stranger, intent), 'InvalidIntentSignature', [
                stranger.address,
                keys.treasuryDesk.address,
            ]);
            await assertNothingHappened();
        });

        it('of another party that the vault serves is refused', async () => {
            const intent = await makeIntent(anvil);
            await refuses(intent, await sign(keys.marketMaking, intent), 'InvalidIntentSignature', [
                keys.marketMaking.address,
                keys.treasuryDesk.address,
            ]);
            await assertNothingHappened();
        });

        it('over any other field is refused', async () => {
            const intent = await makeIntent(anvil, { data: '0x01' });
            const signature = await sign(keys.treasuryDesk, intent);
            const changes = {
                intentId: ethers.id('forged'),
                adapterId: ethers.id('forged'),
                amount: intent.amount + 1n,
                data: '0x0100',
                nonce: intent.nonce + 1n,
                deadline: intent.deadline + 1n,
            };
            for (const [field, value] of Object.entries(changes)) {
                const forged = { ...intent, [field]: value };
                const recovered = ethers.recoverAddress(await vault.hashIntent(forged), signature);
                await refuses(forged, signature, 'InvalidIntentSignature', [recovered, keys.treasuryDesk.address]);
            }
            await assertNothingHappened();
        });

        it('with a high s, which recovers to the right key, is refused', async () => {
            const intent = await makeIntent(anvil);
            const { r, s, v } = ethers.Signature.from(await sign(keys.treasuryDesk, intent));
            const highS = ethers.toBeHex(curveOrder - BigInt(s), 32);
            const flipped = v === 27 ? 28 : 27;
            const signature = ethers.concat([r, highS, ethers.toBeHex(flipped, 1)]);

            // The precompile itself is content with it.
            const input = ethers.concat([await vault.hashIntent(intent), ethers.toBeHex(flipped, 32), r, highS]);
            const recovered = await anvil.provider.call({ to: ethers.toBeHex(1, 20), data: input });
            assert.equal(ethers.getAddress(ethers.dataSlice(recovered, 12)), keys.treasuryDesk.address);

            await refuses(intent, signature, 'InvalidIntentSignature', [
                ethers.ZeroAddress,
                keys.treasuryDesk.address,
            ]);
            await assertNothingHappened();
        });

        it('that is no signature is refused', async () => {
            const intent = await makeIntent(anvil);
            const valid = await sign(keys.treasuryDesk, intent);
            const { r, yParityAndS } = ethers.Signature.from(valid);
            const malformed = [
                '0x',
                ethers.dataSlice(valid, 0, 64),
                ethers.concat([valid, '0x00']),
                ethers.concat([r, yParityAndS]),
                ethers.concat([ethers.dataSlice(valid, 0, 64), '0x00']),
                ethers.concat([ethers.dataSlice(valid, 0, 64), '0x1d']),
                ethers.concat([ethers.ZeroHash, ethers.ZeroHash, '0x1b']),
            ];
            for (const signature of malformed) {
                await refuses(intent, signature, 'InvalidIntentSignature', [
                    ethers.ZeroAddress,
                    keys.treasuryDesk.address,
                ]);
            }
            await assertNothingHappened();
        });

        it('of nobody for a party without a key is refused', async () => {
            const settlement = ethers.id('settlement');
            await send(vault, 'setPartyAuthorized', settlement, true);
            const intent = await makeIntent(anvil, { partyId: settlement });
            const invalid = ethers.concat([ethers.ZeroHash, ethers.ZeroHash, '0x1b']);
            await refuses(intent, invalid, 'KeyNotRegistered', [settlement]);
            await assertNothingHappened();
        });

        it('of a revoked key is refused, also one from before, and other parties go on', async () => {
            const intent = await makeIntent(anvil, { nonce: 1n });
            const signature = await sign(keys.treasuryDesk, intent);
            await send(registry, 'revokeKey', treasuryDesk);
            await refuses(intent, signature, 'KeyNotRegistered', [treasuryDesk]);
            await assertNothingHappened();

            const other = await makeIntent(anvil, { partyId: marketMaking, nonce: 2n });
            await send(asAttacker, 'executeIntent', other, await sign(keys.marketMaking, other));
            assert.equal(await adapter.allocationCount(), 1n);
        });

        it('of a replaced key is refused', async () => {
            const successor = cantonKey('treasury-desk, second');
            const intent = await makeIntent(anvil);
            const signature = await sign(keys.treasuryDesk, intent);
            await send(registry, 'registerKey', treasuryDesk, successor.address);
            await refuses(intent, signature, 'InvalidIntentSignature', [
                keys.treasuryDesk.address,
                successor.address,
            ]);
            await assertNothingHappened();
        });
    });

    describe('past a rule', () => {
        it('of time, one second after the deadline, is refused', async () => {
            const intent = await makeIntent(anvil, { deadline: (await anvil.now()) + 50n });
            const signature = await sign(keys.treasuryDesk, intent);
            await anvil.setNextBlockTime(intent.deadline + 1n);
            await anvil.provider.send('evm_mine', []);
            await refuses(intent, signature, 'IntentExpired', [intent.deadline]);
            await assertNothingHappened();
        });

        it('about parties, with a good key of a party that the vault does not serve, is refused', async () => {
            const settlement = ethers.id('settlement');
            const key = cantonKey('settlement');
            await send(registry, 'registerKey', settlement, key.address);
            const intent = await makeIntent(anvil, { partyId: settlement });
            await refuses(intent, await sign(key, intent), 'UnauthorizedParty', [settlement]);
            await assertNothingHappened();
        });

        it('about parties, by one that was shut out, is refused', async () => {
            const intent = await makeIntent(anvil);
            const signature = await sign(keys.treasuryDesk, intent);
            await send(vault, 'setPartyAuthorized', treasuryDesk, false);
            await refuses(intent, signature, 'UnauthorizedParty', [treasuryDesk]);
            await assertNothingHappened();
        });

        it('about adapters, with one that was never registered or was removed, is refused', async () => {
            const unknown = ethers.id('unknown');
            const intent = await makeIntent(anvil, { adapterId: unknown });
            const signature = await sign(keys.treasuryDesk, intent);
            await refuses(intent, signature, 'AdapterNotRegistered', [unknown]);

            const second = await makeIntent(anvil, { nonce: 1n });
            const secondSignature = await sign(keys.treasuryDesk, second);
            await send(vault, 'removeAdapter', treasuryAdapterId);
            await refuses(second, secondSignature, 'AdapterNotRegistered', [treasuryAdapterId]);
            await assertNothingHappened();
        });

        it('of a pause is refused', async () => {
            const intent = await makeIntent(anvil);
            const signature = await sign(keys.treasuryDesk, intent);
            await send(vault, 'pause');
            await refuses(intent, signature, 'EnforcedPause', []);
            await assertNothingHappened();
        });

        it("by one party with another's identifier does not use it up", async () => {
            const theirs = await makeIntent(anvil, { partyId: marketMaking, nonce: 1n, amount: 0n });
            const intent = await makeIntent(anvil, { intentId: theirs.intentId });
            await send(asAttacker, 'executeIntent', theirs, await sign(keys.marketMaking, theirs));
            assert.equal(await vault.intentExecuted(intent.partyId, intent.intentId), false);
            await send(asAttacker, 'executeIntent', intent, await sign(keys.treasuryDesk, intent));
            assert.equal(await vault.intentExecuted(intent.partyId, intent.intentId), true);
        });

        it('by starving the adapter of gas burns neither the intent nor its nonce', async () => {
            const intent = await makeIntent(anvil);
            const signature = await sign(keys.treasuryDesk, intent);
            const enough = await asAttacker.executeIntent.estimateGas(intent, signature);
            for (const share of [60n, 75n, 85n, 95n]) {
                const gasLimit = (enough * share) / 100n;
                const sent = await asAttacker.executeIntent(intent, signature, { gasLimit });
                assert.equal((await mined(sent)).status, 0);
            }
            assert.equal(await vault.intentExecuted(intent.partyId, intent.intentId), false);
            await assertNothingHappened();
            await send(asAttacker, 'executeIntent', intent, signature);
            assert.equal(await adapter.allocationCount(), 1n);
        });
    });

    describe('by a hostile adapter', () => {
        const hostileId = ethers.id('hostile');
        let hostile;
        let outer;
        let outerSignature;

        beforeEach(async () => {
            hostile = await deploy('test/ReentrantAdapter', attacker);
            await send(vault, 'registerAdapter', hostileId, hostile.target);
            outer = await makeIntent(anvil, { adapterId: hostileId, nonce: 1n });
            outerSignature = await sign(keys.treasuryDesk, outer);
        });

        async function arm(method, args, swallow) {
            await send(hostile, 'arm', vault.target, vault.interface.encodeFunctionData(method, args), swallow);
        }

        const reentrantCall = () => vault.interface.encodeErrorResult('ReentrancyGuardReentrantCall', []);

        it('that hands in another good intent fails altogether', async () => {
            const inner = await makeIntent(anvil, { nonce: 2n });
            await arm('executeIntent', [inner, await sign(keys.treasuryDesk, inner)], false);
            await refuses(outer, outerSignature, 'AdapterCallFailed', [hostileId, reentrantCall()]);
            assert.equal(await vault.intentExecuted(outer.partyId, outer.intentId), false);
            await assertNothingHappened();
        });

        it('that hands in its own intent again and hides the failure gains nothing', async () => {
            await arm('executeIntent', [outer, outerSignature], true);
            await send(asAttacker, 'executeIntent', outer, outerSignature);
            assert.equal(await hostile.calls(), 1n);
            assert.equal(await hostile.attackSucceeded(), false);
            assert.equal(await hostile.attackAnswer(), reentrantCall());
            await refuses(outer, outerSignature, 'IntentAlreadyExecuted', [outer.intentId]);
        });

        it('that hands in another good intent and hides the failure leaves that intent usable', async () => {
            const inner = await makeIntent(anvil, { nonce: 2n });
            const innerSignature = await sign(keys.treasuryDesk, inner);
            await arm('executeIntent', [inner, innerSignature], true);
            await send(asAttacker, 'executeIntent', outer, outerSignature);
            assert.equal(await hostile.attackSucceeded(), false);
            await assertNothingHappened();
            await send(asAttacker, 'executeIntent', inner, innerSignature);
            assert.equal(await adapter.allocationCount(), 1n);
        });

        it('has no more rights in the vault than any other caller', async () => {
            const unauthorised = vault.interface.encodeErrorResult('OwnableUnauthorizedAccount', [hostile.target]);
            const attempts = [
                ['setPartyAuthorized', [ethers.id('settlement'), true]],
                ['setCantonSigner', [attacker.address]],
                ['transferOwnership', [attacker.address]],
                ['pause', []],
            ];
            for (const [index, [method, args]] of attempts.entries()) {
                await arm(method, args, true);
                const intent = await makeIntent(anvil, { adapterId: hostileId, nonce: BigInt(10 + index) });
                await send(asAttacker, 'executeIntent', intent, await sign(keys.treasuryDesk, intent));
                assert.equal(await hostile.attackSucceeded(), false, method);
                assert.equal(await hostile.attackAnswer(), unauthorised, method);
            }
        });

        it('cannot reach the books of another adapter', async () => {
            const forged = adapter.interface.encodeFunctionData('execute', [ethers.id('forged'), 5n, '0x']);
            await send(hostile, 'arm', adapter.target, forged, true);
            await send(asAttacker, 'executeIntent', outer, outerSignature);
            assert.equal(
                await hostile.attackAnswer(),
                adapter.interface.encodeErrorResult('CallerNotVault', [hostile.target]),
            );
            await assertNothingHappened();
        });
    });
});
