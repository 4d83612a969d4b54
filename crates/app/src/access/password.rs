//! Passwords: what is accepted, and how they are kept: argon2id (19 MiB, two passes, one lane: the first choice of the
//! OWASP cheat sheet on password storage), as a PHC string with its own salt.

use super::AccessRefused;
use crate::outside::Outside;
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
use domain::text::Login;
use tokio::{sync::Semaphore, task::spawn_blocking};
use unicode_normalization::UnicodeNormalization;

/// Memory in KiB, passes, lanes.
const COST: (u32, u32, u32) = (19 * 1_024, 2, 1);
/// Hashes at the same time: each takes memory and a core.
const AT_ONCE: usize = 2;
const SHORTEST: usize = 10;
const LONGEST: usize = 128;

/// Words that guessers try first; with digits and marks around them they are as weak. Runs, repeats and bare digits are
/// found by rule.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "passw",
    "pass",
    "passcode",
    "pasuwado",
    "himitsu",
    "secret",
    "admin",
    "administrator",
    "root",
    "user",
    "guest",
    "test",
    "tester",
    "testing",
    "login",
    "welcome",
    "letmein",
    "changeme",
    "default",
    "master",
    "superman",
    "batman",
    "iloveyou",
    "iloveu",
    "aishiteru",
    "daisuki",
    "monkey",
    "dragon",
    "princess",
    "sunshine",
    "shadow",
    "football",
    "baseball",
    "soccer",
    "yakyuu",
    "sakura",
    "sakurasaku",
    "momo",
    "hanako",
    "tarou",
    "taro",
    "suzuki",
    "tanaka",
    "yamada",
    "satou",
    "nihon",
    "nippon",
    "japan",
    "tokyo",
    "osaka",
    "kyoto",
    "doraemon",
    "pikachu",
    "pokemon",
    "naruto",
    "nintendo",
    "toyota",
    "konnichiwa",
    "arigatou",
    "ohayou",
    "onegai",
    "jigyousho",
    "shuurou",
    "shien",
    "fukushi",
    "sagyousho",
    "bento",
    "obento",
    "yokoito",
    "computer",
    "internet",
    "google",
    "microsoft",
    "windows",
    "office",
    "qwerty",
    "qwertyuiop",
    "asdfgh",
    "asdfghjkl",
    "zxcvbn",
    "zxcvbnm",
    "qazwsx",
    "qazwsxedc",
    "abc",
    "abcd",
    "aa",
    "aaa",
    "p@ssword",
    "p@ssw0rd",
    "passw0rd",
    "pa$$word",
];

/// Rows of the keyboard and of the alphabet, along which fingers run.
const RUNS: [&str; 7] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgb",
    "1qaz2wsx3edc4rfv5tgb6yhn",
];

/// Why a password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Fewer than ten characters.
    #[error("パスワードが短すぎます。{SHORTEST}文字以上にしてください。")]
    TooShort,
    /// More than 128 characters.
    #[error("パスワードが長すぎます。{LONGEST}文字以内にしてください。")]
    TooLong,
    /// The account's word, or little more.
    #[error("ログイン名と似たパスワードは使えません。別のものにしてください。")]
    LikeLogin,
    /// What guessers try first.
    #[error(
        "よく使われる、当てられやすいパスワードです。関係のない言葉をいくつか並べるなど、別のものにしてください。"
    )]
    Common,
}

impl PasswordRefused {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            PasswordRefused::TooShort => "password-too-short",
            PasswordRefused::TooLong => "password-too-long",
            PasswordRefused::LikeLogin => "password-like-login",
            PasswordRefused::Common => "password-common",
        }
    }
}

/// A password that was accepted, in NFC: the same keys give the same bytes on every machine.
pub(super) struct Password(String);

impl Password {
    /// Accepts a new password for an account, or says what is wrong with it.
    pub fn new(text: &str, login: &Login) -> Result<Password, PasswordRefused> {
        // before it is normalised, which may take long for what nobody types
        if text.chars().nth(LONGEST * 4).is_some() {
            return Err(PasswordRefused::TooLong);
        }
        let text: String = text.nfc().collect();
        match text.chars().count() {
            ..SHORTEST => return Err(PasswordRefused::TooShort),
            SHORTEST..=LONGEST => {}
            _ => return Err(PasswordRefused::TooLong),
        }
        let folded = text.to_lowercase();
        let without_login = folded.replace(login.as_str(), "");
        if login.as_str().len() > 2
            && without_login.len() < folded.len()
            && without_login.chars().count() < SHORTEST / 2
        {
            return Err(PasswordRefused::LikeLogin);
        }
        if is_common(&folded) {
            return Err(PasswordRefused::Common);
        }
        Ok(Password(text))
    }

    /// What somebody typed to log in; longer than any password is none.
    fn typed(text: &str) -> Option<Password> {
        let is_short = text.chars().nth(LONGEST * 4).is_none();
        is_short.then(|| Password(text.nfc().collect()))
    }
}

/// What guessers try first, in lower case.
fn is_common(text: &str) -> bool {
    let letters: String = text.trim_matches(|c: char| !c.is_alphabetic()).to_owned();
    letters.is_empty() || COMMON.contains(&letters.as_str()) || is_repeated(text) || is_run(text)
}

/// One piece of at most four characters again and again, `abcabcabcabc`, or one common word.
fn is_repeated(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let repeats = |length: usize| {
        let (piece, _) = chars.split_at_checked(length).unwrap_or((&chars, &[]));
        chars.chunks(length).all(|chunk| piece.starts_with(chunk))
    };
    if (1..=4).any(repeats) {
        return true;
    }
    let longer = (5..=chars.len() / 2).find(|length| repeats(*length));
    longer.is_some_and(|length| is_common(&chars.iter().take(length).collect::<String>()))
}

/// Nearly all of it along the keyboard or the alphabet, forwards or backwards.
fn is_run(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let steps = chars.windows(3).filter(|three| {
        let forwards: String = three.iter().collect();
        let backwards: String = three.iter().rev().collect();
        RUNS.iter()
            .any(|run| run.contains(&forwards) || run.contains(&backwards))
    });
    // a few characters that do not belong to a run do not make a password
    steps.count() * 10 >= chars.len().saturating_sub(2) * 7
}

/// Where hashing is done: few at a time, off the runtime's threads.
pub(super) struct Hashing(Semaphore);

impl Default for Hashing {
    fn default() -> Hashing {
        Hashing(Semaphore::new(AT_ONCE))
    }
}

impl Hashing {
    /// A password as it is kept.
    pub async fn hash(&self, password: Password, outside: &Outside) -> Result<String, AccessRefused> {
        let [salt @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _]: [u8; 32] = outside.random.seed();
        self.work(move || hash(&password, &salt)).await?
    }

    /// Whether somebody typed the password that is kept. It takes as long when none is kept.
    pub async fn is_right(&self, typed: &str, kept: Option<String>) -> Result<bool, AccessRefused> {
        let (password, kept) = match Password::typed(typed) {
            Some(password) => (password, kept),
            None => (Password(String::new()), None),
        };
        self.work(move || match kept {
            None => hash(&password, &[0; 16]).map(|_| false),
            Some(kept) => {
                let kept = PasswordHash::new(&kept).map_err(|_| AccessRefused::Internal)?;
                Ok(argon2()?.verify_password(password.0.as_bytes(), &kept).is_ok())
            }
        })
        .await?
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccessRefused> {
        let _permit = self.0.acquire().await.map_err(|_| AccessRefused::Closing)?;
        spawn_blocking(work).await.map_err(|_| AccessRefused::Internal)
    }
}

fn argon2() -> Result<Argon2<'static>, AccessRefused> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(|_| AccessRefused::Internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &Password, salt: &[u8]) -> Result<String, AccessRefused> {
    let hash = argon2()?.hash_password_with_salt(password.0.as_bytes(), salt);
    Ok(hash.map_err(|_| AccessRefused::Internal)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::calendar::Instant;

    fn refused(text: &str) -> Option<PasswordRefused> {
        Password::new(text, &"kitchen-2".parse().unwrap()).err()
    }

    #[test]
    fn what_is_easily_guessed_is_refused() {
        for (text, why) in [
            ("", PasswordRefused::TooShort),
            ("correct h", PasswordRefused::TooShort),
            (&"あ".repeat(9), PasswordRefused::TooShort),
            (&"い ろ は".repeat(26), PasswordRefused::TooLong),
            (&"x".repeat(1_000_000), PasswordRefused::TooLong),
            ("kitchen-2kitchen-2", PasswordRefused::LikeLogin),
            ("Kitchen-2!23", PasswordRefused::LikeLogin),
            ("password2026", PasswordRefused::Common),
            ("!!Sakura2026!!", PasswordRefused::Common),
            ("09012345678", PasswordRefused::Common),
            ("2026-11-26", PasswordRefused::Common),
            ("aaaaaaaaaaaa", PasswordRefused::Common),
            ("abcabcabcabc", PasswordRefused::Common),
            ("sakurasakura", PasswordRefused::Common),
            ("qwertyuiop12", PasswordRefused::Common),
            ("zyxwvutsrqponm", PasswordRefused::Common),
            ("1qaz2wsx3edc", PasswordRefused::Common),
        ] {
            assert_eq!(refused(text), Some(why), "{text}");
        }
        for good in [
            "あさひ かぼちゃ つくえ ねこ",
            "correct horse battery",
            "tg7-Qm2!xw9K",
            "にんじんいっぱいおいしいね",
        ] {
            assert_eq!(refused(good), None, "{good}");
        }
    }

    #[tokio::test]
    async fn a_password_is_known_again_however_it_was_typed() {
        let hashing = Hashing::default();
        let outside = Outside::fixed(Instant::EPOCH, 1);
        let login = "kitchen-2".parse().unwrap();
        let password = |text| Password::new(text, &login).unwrap();
        // が as one character
        let kept = hashing
            .hash(password("がっこうのかえりみち"), &outside)
            .await
            .unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        // か and ゛
        let typed = "か\u{3099}っこうのかえりみち";
        assert!(hashing.is_right(typed, Some(kept.clone())).await.unwrap());
        assert!(
            !hashing
                .is_right("かっこうのかえりみち", Some(kept.clone()))
                .await
                .unwrap()
        );
        assert!(!hashing.is_right(typed, None).await.unwrap());
        assert!(
            !hashing
                .is_right(&"x".repeat(10_000), Some(kept.clone()))
                .await
                .unwrap()
        );
        let again = hashing
            .hash(password("がっこうのかえりみち"), &outside)
            .await
            .unwrap();
        assert_ne!(kept, again);
    }
}
