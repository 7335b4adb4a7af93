//! A passkey without a browser: one key on the curve P-256 that always verifies the person, as a phone would, and what
//! it sends (WebAuthn Level 2, §6.1, §6.5, §7). With it people confirm what they do as often as they like: a code of an
//! authenticator app serves once in half a minute.

use crate::fault::Fault;
use data_encoding::BASE64URL_NOPAD;
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// User present, user verified (§6.1).
const PRESENT_AND_VERIFIED: u8 = 0b0000_0101;
/// A new credential's key stands in the data.
const WITH_KEY: u8 = 0b0100_0000;
/// The host of every server that is started here.
const HOST: &str = "localhost";

/// The passkey.
#[derive(Clone)]
pub struct Passkey {
    key: SigningKey,
    id: Vec<u8>,
    owner: String,
}

impl Passkey {
    /// The key of this owner: it guards made-up records, so it may be known.
    pub fn of(owner: &str) -> Result<Self, Fault> {
        let scalar = Sha256::digest(owner.as_bytes());
        Ok(Self {
            key: SigningKey::from_slice(&scalar)
                .map_err(|_| Fault::Machine("no scalar of the curve".to_owned()))?,
            id: Sha256::digest(scalar).to_vec(),
            owner: String::new(),
        })
    }

    /// What the browser sends when the passkey is made.
    pub fn made(&mut self, options: &Value, origin: &str) -> Option<Value> {
        let asked = options.get("publicKey")?;
        asked
            .get("user")?
            .get("id")?
            .as_str()?
            .clone_into(&mut self.owner);
        let challenge = asked.get("challenge")?.as_str()?;
        let client = client_data("webauthn.create", challenge, origin);
        let mut data = Self::authenticator_data(PRESENT_AND_VERIFIED | WITH_KEY);
        // No model, the credential's id, its key in COSE (RFC 9053 §7.1.1): EC2, ES256, P-256, x, y.
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).ok()?.to_be_bytes());
        data.extend(&self.id);
        let point = self.key.verifying_key().to_sec1_point(false);
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(point.x()?.iter());
        data.extend([0x22, 0x58, 0x20]);
        data.extend(point.y()?.iter());
        // {"fmt": "none", "attStmt": {}, "authData": data} in CBOR.
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).ok()?);
        object.extend(data);
        let credential = json!({
            "id": BASE64URL_NOPAD.encode(&self.id),
            "rawId": BASE64URL_NOPAD.encode(&self.id),
            "type": "public-key",
            "response": {
                "attestationObject": BASE64URL_NOPAD.encode(&object),
                "clientDataJSON": BASE64URL_NOPAD.encode(client.as_bytes()),
            },
            "clientExtensionResults": { "credProps": { "rk": true } },
        });
        Some(json!({ "label": "Harness", "credential": credential }))
    }

    /// The answer to a challenge.
    pub fn answer(&self, options: &Value, origin: &str) -> Option<Value> {
        let challenge = options.get("publicKey")?.get("challenge")?.as_str()?;
        let client = client_data("webauthn.get", challenge, origin);
        let data = Self::authenticator_data(PRESENT_AND_VERIFIED);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(client.as_bytes()));
        let signature: Signature = self.key.sign(&signed);
        Some(json!({
            "id": BASE64URL_NOPAD.encode(&self.id),
            "rawId": BASE64URL_NOPAD.encode(&self.id),
            "type": "public-key",
            "response": {
                "authenticatorData": BASE64URL_NOPAD.encode(&data),
                "clientDataJSON": BASE64URL_NOPAD.encode(client.as_bytes()),
                "signature": BASE64URL_NOPAD.encode(signature.to_der().as_bytes()),
                "userHandle": self.owner,
            },
            "clientExtensionResults": {},
        }))
    }

    fn authenticator_data(flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(HOST.as_bytes()).to_vec();
        data.push(flags);
        // A counter that stays at 0 says that there is none (§6.1.1): several browsers may hold the key.
        data.extend([0; 4]);
        data
    }
}

fn client_data(kind: &str, challenge: &str, origin: &str) -> String {
    json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false })
        .to_string()
}
