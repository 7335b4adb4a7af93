//! The wrapping key inside a PKCS#11 token: an HSM, a smart card, SoftHSM2. It never leaves the token.
//!
//! Data keys are wrapped by AES-GCM (`CKM_AES_GCM`, PKCS#11 2.40 §2.12) with a fresh random nonce of ours and the place
//! as associated data, as the other providers do; each unwrapping asks the token.

use super::{KeyError, KeyProvider};
use crate::entropy::{Entropy, random};
use core::fmt;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as TokenError, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::Ulong;
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use zeroize::Zeroizing;

const FORMAT: u8 = 1;
const NONCE: usize = 12;
const TAG_BITS: u64 = 128;

/// Where the key is.
#[derive(Clone)]
pub struct TokenPlace {
    /// The module of the token's maker, a shared library.
    pub module: PathBuf,
    /// The token's label.
    pub token: String,
    /// The key's label in the token.
    pub key: String,
    /// The user's PIN.
    pub pin: SecretString,
}

impl fmt::Debug for TokenPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenPlace")
            .field("module", &self.module)
            .finish_non_exhaustive()
    }
}

/// A wrapping key in a token.
pub struct TokenKey {
    place: TokenPlace,
    id: String,
    session: Mutex<Option<Open>>,
}

/// A session that is signed in to the token, with the key found.
struct Open {
    session: Session,
    key: ObjectHandle,
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey([redacted])")
    }
}

/// The modules this process has loaded. A module is initialised once a process, and never finalised: another key of
/// the same module may be in use.
static MODULES: OnceLock<Mutex<HashMap<PathBuf, Pkcs11>>> = OnceLock::new();

fn module(path: &Path) -> Result<Pkcs11, KeyError> {
    let modules = MODULES.get_or_init(Mutex::default);
    let mut modules = modules.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(module) = modules.get(path) {
        return Ok(module.clone());
    }
    let module = Pkcs11::new(path).map_err(|_| KeyError::Module)?;
    let arguments = CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK);
    match module.initialize(arguments) {
        Ok(()) | Err(TokenError::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(failed(&error)),
    }
    modules.insert(path.to_owned(), module.clone());
    Ok(module)
}

/// What the operator is told: a fixed word, never what the module says.
fn failed(error: &TokenError) -> KeyError {
    match error {
        TokenError::Pkcs11(
            RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange,
            _,
        ) => KeyError::Pin,
        TokenError::Pkcs11(RvError::PinLocked, _) => KeyError::PinLocked,
        TokenError::Pkcs11(
            RvError::EncryptedDataInvalid | RvError::EncryptedDataLenRange | RvError::DataInvalid,
            _,
        ) => KeyError::Wrong,
        _ => KeyError::Token,
    }
}

fn slot(module: &Pkcs11, label: &str) -> Result<(Slot, String), KeyError> {
    let slots = module
        .get_slots_with_initialized_token()
        .map_err(|error| failed(&error))?;
    for slot in slots {
        // A slot that can't be asked may be another token's; the one that is meant is still looked for.
        if let Ok(token) = module.get_token_info(slot)
            && token.label().trim_end() == label
        {
            return Ok((slot, token.serial_number().trim_end().to_owned()));
        }
    }
    Err(KeyError::NoToken)
}

impl TokenKey {
    /// Signs in to the token and finds the key; `make`: makes it where there is none.
    ///
    /// # Errors
    /// [`KeyError::NoKeyInToken`] when there is none and none is to be made; [`KeyError::Module`],
    /// [`KeyError::NoToken`], [`KeyError::Pin`] and [`KeyError::Token`] when it doesn't come to that.
    pub fn open(place: TokenPlace, make: bool) -> Result<Self, KeyError> {
        let module = module(&place.module)?;
        let (_, serial) = slot(&module, &place.token)?;
        let mut hash = Sha256::new();
        for part in ["confide token key id 1", &serial, &place.key] {
            hash.update(part);
            hash.update([0]);
        }
        let digest = hash.finalize();
        let id = data_encoding::HEXLOWER.encode(digest.get(..8).unwrap_or_default());
        let open = sign_in(&place, make)?;
        Ok(Self {
            place,
            id,
            session: Mutex::new(Some(open)),
        })
    }

    /// Does something in a session. One that broke off, as after the token was away, is opened anew, once.
    fn within<T>(&self, work: impl Fn(&Open) -> Result<T, TokenError>) -> Result<T, KeyError> {
        let mut kept = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = kept.as_ref() {
            match work(open).map_err(|error| failed(&error)) {
                Err(KeyError::Token) => *kept = None,
                done => return done,
            }
        }
        let open = kept.insert(sign_in(&self.place, false)?);
        work(open).map_err(|error| failed(&error))
    }
}

fn sign_in(place: &TokenPlace, make: bool) -> Result<Open, KeyError> {
    let module = module(&place.module)?;
    let (slot, _) = slot(&module, &place.token)?;
    let failed = |error: TokenError| failed(&error);
    let session = if make {
        module.open_rw_session(slot).map_err(failed)?
    } else {
        module.open_ro_session(slot).map_err(failed)?
    };
    match session.login(UserType::User, Some(&place.pin)) {
        Ok(()) | Err(TokenError::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
        Err(error) => return Err(failed(error)),
    }
    let wanted = [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::AES),
        Attribute::Label(place.key.as_bytes().to_vec()),
    ];
    let found = session.find_objects(&wanted).map_err(failed)?;
    let key = match found.as_slice() {
        [key] => *key,
        [] if make => make_key(&session, &place.key).map_err(failed)?,
        [] => return Err(KeyError::NoKeyInToken),
        // Which of them it is, nobody can tell.
        _ => return Err(KeyError::SeveralKeysInToken),
    };
    Ok(Open { session, key })
}

/// AES-256, kept in the token, never to be read or wrapped out of it.
fn make_key(session: &Session, label: &str) -> Result<ObjectHandle, TokenError> {
    session.generate_key(
        &Mechanism::AesKeyGen,
        &[
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Encrypt(true),
            Attribute::Decrypt(true),
            Attribute::ValueLen(Ulong::from(32)),
            Attribute::Label(label.as_bytes().to_vec()),
        ],
    )
}

impl KeyProvider for TokenKey {
    fn id(&self) -> String {
        self.id.clone()
    }

    fn kind(&self) -> &'static str {
        "token"
    }

    fn wrap(&self, key: &[u8; 32], aad: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, KeyError> {
        let nonce: [u8; NONCE] = random(entropy);
        let sealed = self.within(|open| {
            // The token may write into it.
            let mut nonce = nonce;
            let parameters = GcmParams::new(&mut nonce, aad, Ulong::from(TAG_BITS))?;
            open.session
                .encrypt(&Mechanism::AesGcm(parameters), open.key, key)
        })?;
        let mut wrapped = vec![FORMAT];
        wrapped.extend_from_slice(&nonce);
        wrapped.extend_from_slice(&sealed);
        Ok(wrapped)
    }

    fn unwrap(&self, wrapped: &[u8], aad: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let (format, rest) = wrapped.split_first().ok_or(KeyError::Wrong)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(KeyError::Wrong)?;
        if *format != FORMAT {
            return Err(KeyError::Wrong);
        }
        let opened = self.within(|open| {
            let mut nonce = *nonce;
            let parameters = GcmParams::new(&mut nonce, aad, Ulong::from(TAG_BITS))?;
            open.session
                .decrypt(&Mechanism::AesGcm(parameters), open.key, sealed)
                .map_err(|error| match error {
                    // SoftHSM2 says so of a tag that doesn't fit.
                    TokenError::Pkcs11(RvError::GeneralError, function) => {
                        TokenError::Pkcs11(RvError::EncryptedDataInvalid, function)
                    }
                    other => other,
                })
                .map(Zeroizing::new)
        })?;
        let key = <[u8; 32]>::try_from(opened.as_slice()).map_err(|_| KeyError::Wrong)?;
        Ok(Zeroizing::new(key))
    }
}
