//! How a call shows that it comes from here: as Standard Webhooks has it, HMAC-SHA-256 over the
//! call's id, its moment and its body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2_for_hmac::Sha256;

use crate::totp::Key;

/// The secret that is worked out from a nonce in the database and the key outside it.
pub fn secret(key: &Key, nonce: &str) -> std::io::Result<[u8; 32]> {
    key.worked_out(&["webhook\0", nonce])
}

/// A secret as its owner is shown it, once.
pub fn shown(secret: &[u8; 32]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

/// The value of `webhook-signature`: a signature by each secret, with blanks between.
pub fn signed(
    secrets: &[impl AsRef<[u8]>],
    id: &str,
    seconds: i64,
    body: &str,
) -> std::io::Result<String> {
    let mut signatures = Vec::with_capacity(secrets.len());
    for secret in secrets {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(secret.as_ref()).map_err(std::io::Error::other)?;
        mac.update(format!("{id}.{seconds}.").as_bytes());
        mac.update(body.as_bytes());
        let code = STANDARD.encode(mac.finalize().into_bytes());
        signatures.push(format!("v1,{code}"));
    }
    Ok(signatures.join(" "))
}

#[cfg(test)]
mod tests {
    use super::{shown, signed};

    /// The example of the specification (standard-webhooks, `spec/standard-webhooks.md`).
    #[test]
    fn a_call_is_signed_as_the_specification_says() {
        use base64::Engine;
        use base64::engine::general_purpose::STANDARD;
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "{\"test\": 2432232314}");
        let one = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signed(&[&secret], id, 1_614_265_330, body).unwrap(), one);
        let both = signed(&[&secret, &vec![0; 32]], id, 1_614_265_330, body).unwrap();
        assert_eq!(
            (both.split(' ').next(), both.len()),
            (Some(one), 2 * one.len() + 1)
        );
        assert_ne!(signed(&[&secret], id, 1_614_265_331, body).unwrap(), one);
        assert_eq!(shown(&[0; 32]).len(), "whsec_".len() + 44);
    }
}
