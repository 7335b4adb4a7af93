// Passkeys (WebAuthn). Words and addresses are in the page: see passkey_button.rs.
const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

class Refused extends Error {}

async function send(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    redirect: "error",
  });
  if (answer.ok) return answer.json();
  // The session is over, or the fresh factor is: there is a page to start again from.
  if (answer.status === 401 || answer.status === 403) {
    const { to } = await answer.json().catch(() => ({}));
    if (to) location.assign(to);
  }
  throw new Refused();
}

function descriptors(list) {
  return list?.map((one) => ({ ...one, id: decode(one.id) }));
}

async function make(publicKey) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: decode(publicKey.challenge),
      user: { ...publicKey.user, id: decode(publicKey.user.id) },
      excludeCredentials: descriptors(publicKey.excludeCredentials),
    },
  });
  const { response } = credential;
  return {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    response: {
      attestationObject: encode(response.attestationObject),
      clientDataJSON: encode(response.clientDataJSON),
    },
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function ask(publicKey, more) {
  const credential = await navigator.credentials.get({
    ...more,
    publicKey: {
      ...publicKey,
      challenge: decode(publicKey.challenge),
      allowCredentials: descriptors(publicKey.allowCredentials),
    },
  });
  const { response } = credential;
  return {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    response: {
      authenticatorData: encode(response.authenticatorData),
      clientDataJSON: encode(response.clientDataJSON),
      signature: encode(response.signature),
      userHandle: response.userHandle ? encode(response.userHandle) : null,
    },
    clientExtensionResults: {},
  };
}

function reason(error) {
  if (error instanceof Refused) return "refused";
  if (error instanceof TypeError) return "offline";
  if (error.name === "InvalidStateError") return "known";
  return "cancelled";
}

// One ceremony at a time: the one that waits within the name's field gives way to a press on the button.
let waiting;

function begin() {
  waiting?.abort();
  waiting = new AbortController();
  return waiting;
}

async function run(part, more = {}) {
  const turn = begin();
  const { publicKey } = await send(part.dataset.start, {});
  if (turn.signal.aborted) throw new DOMException("given way", "AbortError");
  let answer;
  if (part.dataset.passkey === "create") {
    const label = document.getElementById("label")?.value ?? "";
    answer = { label, credential: await make(publicKey) };
  } else {
    answer = await ask(publicKey, { ...more, signal: turn.signal });
  }
  const { to } = await send(part.dataset.finish, answer);
  location.assign(to);
}

function say(part, what) {
  for (const words of part.querySelectorAll("[data-passkey-says]")) {
    words.hidden = words.dataset.passkeySays !== what;
  }
}

function offer(part) {
  const button = part.querySelector("button");
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    say(part, "nothing");
    try {
      await run(part);
    } catch (error) {
      say(part, reason(error));
    }
    button.removeAttribute("aria-disabled");
  });
  part.hidden = false;
}

// Where the browser can, it offers the passkey among the names it fills in. What comes of it without a press on the
// button is said only when the portal refused.
async function fillIn(part) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  try {
    await run(part, { mediation: "conditional" });
  } catch (error) {
    if (error instanceof Refused) say(part, "refused");
  }
}

export function offerPasskeys(parts) {
  if (!window.PublicKeyCredential) {
    for (const words of document.querySelectorAll("[data-passkey-missing]")) words.hidden = false;
    return;
  }
  for (const part of parts) {
    offer(part);
    if ("passkeyFillIn" in part.dataset) fillIn(part);
  }
}
