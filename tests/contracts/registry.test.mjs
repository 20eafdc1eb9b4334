import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { Anvil } from './support/anvil.mjs';
import { assertReverts, deploy, eventsOf, send } from './support/deployment.mjs';
import { cantonKey, marketMaking, treasuryDesk } from './support/intents.mjs';
import { ethers } from './support/packages.mjs';

describe('CantonKeyRegistry', () => {
    const first = cantonKey('first').address;
    const second = cantonKey('second').address;
    let anvil;
    let owner;
    let registry;

    before(async () => {
        anvil = await Anvil.start();
        owner = anvil.account(0);
    });
    after(() => anvil?.stop());

    beforeEach(async () => {
        registry = await deploy('CantonKeyRegistry', owner);
    });

    it('belongs to who deployed it and knows no key at first', async () => {
        assert.equal(await registry.owner(), owner.address);
        assert.equal(await registry.cantonPartyToKey(treasuryDesk), ethers.ZeroAddress);
    });

    it('registers a key and says so', async () => {
        const receipt = await send(registry, 'registerKey', treasuryDesk, first);
        assert.deepEqual(eventsOf(receipt, registry), [['KeyRegistered', treasuryDesk, first]]);
        assert.equal(await registry.cantonPartyToKey(treasuryDesk), first);
    });

    it('replaces a key when another is registered for the party', async () => {
        await send(registry, 'registerKey', treasuryDesk, first);
        const receipt = await send(registry, 'registerKey', treasuryDesk, second);
        assert.deepEqual(eventsOf(receipt, registry), [['KeyRegistered', treasuryDesk, second]]);
        assert.equal(await registry.cantonPartyToKey(treasuryDesk), second);
    });

    it('revokes the key of one party, names it, and leaves the others theirs', async () => {
        await send(registry, 'registerKey', treasuryDesk, first);
        await send(registry, 'registerKey', marketMaking, second);
        const receipt = await send(registry, 'revokeKey', treasuryDesk);
        assert.deepEqual(eventsOf(receipt, registry), [['KeyRevoked', treasuryDesk, first]]);
        assert.equal(await registry.cantonPartyToKey(treasuryDesk), ethers.ZeroAddress);
        assert.equal(await registry.cantonPartyToKey(marketMaking), second);
    });

    it('takes a key again after it was revoked', async () => {
        await send(registry, 'registerKey', treasuryDesk, first);
        await send(registry, 'revokeKey', treasuryDesk);
        await send(registry, 'registerKey', treasuryDesk, second);
        assert.equal(await registry.cantonPartyToKey(treasuryDesk), second);
    });

    it('refuses to revoke what is not registered, also a second time', async () => {
        await assertReverts(registry, 'revokeKey', [treasuryDesk], 'KeyNotRegistered', [treasuryDesk]);
        await send(registry, 'registerKey', treasuryDesk, first);
        await send(registry, 'revokeKey', treasuryDesk);
        await assertReverts(registry, 'revokeKey', [treasuryDesk], 'KeyNotRegistered', [treasuryDesk]);
    });

    it('refuses the zero key and the zero party', async () => {
        await assertReverts(registry, 'registerKey', [treasuryDesk, ethers.ZeroAddress], 'InvalidKey');
        await assertReverts(registry, 'registerKey', [ethers.ZeroHash, first], 'InvalidPartyId');
    });
});
