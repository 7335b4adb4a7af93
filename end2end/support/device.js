// A virtual authenticator (WebAuthn automation over the DevTools protocol).

/** A phone or computer that unlocks: it makes passkeys and verifies the person. */
export async function device(page, options = {}) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...options,
    },
  });
  const send = (method, parameters = {}) => session.send(`WebAuthn.${method}`, { authenticatorId, ...parameters });
  return {
    passkeys: async () => (await send('getCredentials')).credentials,
    put: (credential) => send('addCredential', { credential }),
    forgetAll: () => send('clearCredentials'),
    verifies: (isUserVerified) => send('setUserVerified', { isUserVerified }),
  };
}

/** The browser's offer within the field for the name takes any passkey at once when no person is there to choose. */
export async function withoutFillIn(page) {
  await page.addInitScript(() => {
    if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  });
}
